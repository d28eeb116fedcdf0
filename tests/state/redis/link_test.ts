import { strict as assert } from "node:assert";
import { EventEmitter } from "node:events";
import { Link } from "../../../src/state/redis/link.ts";
import type { RedisClient } from "../../../src/state/redis/redis_client.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { turn } from "../../support/turn.ts";

/** A client that connects as the test says. */
class FakeClient extends EventEmitter {
  connects = 0;
  disconnected = 0;
  readonly connected = Promise.withResolvers<void>();

  connect(): Promise<void> {
    this.connects++;
    return this.connected.promise;
  }

  disconnect(): void {
    this.disconnected++;
  }
}

function linkOf(clients: FakeClient[], check: () => Promise<unknown> = () => Promise.resolve()) {
  const clock = new FakeClock(), changes: (string | null)[] = [];
  const link: Link = new Link({
    env: { clock, random: () => 0 },
    check,
    make() {
      const client = new FakeClient();
      clients.push(client);
      return Promise.resolve(client as unknown as RedisClient);
    },
    onChange: () => changes.push(link.client === null ? link.reason : null),
  });
  return { link, clock, changes };
}

Deno.test("a link waits longer after each attempt that fails, up to a second", async () => {
  const clients: FakeClient[] = [], { link, clock, changes } = linkOf(clients), waits: (number | null)[] = [];
  for (let i = 0; i < 7; i++) {
    await turn();
    clients[i].emit("error", new Error(`trouble ${i}`));
    clients[i].connected.reject(new Error("closed"));
    await turn();
    waits.push(clock.untilNext);
    clock.advance(clock.untilNext!);
  }
  assert.deepEqual(waits, [50, 100, 200, 400, 800, 1000, 1000]);
  assert.deepEqual(changes.slice(0, 2), ["trouble 0", "trouble 1"]);
  link.close();
  assert.equal(clock.pending, 0);
});

Deno.test("a link that held for long begins with a short wait again; one that did not, does not", async () => {
  const clients: FakeClient[] = [], { link, clock, changes } = linkOf(clients), waits: (number | null)[] = [];
  for (const held of [0, 0, 999, 5000, 0]) {
    await turn();
    clients.at(-1)!.connected.resolve();
    await turn();
    assert.notEqual(link.client, null);
    assert.equal(clock.pending, 0);
    clock.advance(held);
    clients.at(-1)!.emit("end");
    waits.push(clock.untilNext);
    clock.advance(clock.untilNext!);
  }
  assert.deepEqual(waits, [50, 100, 200, 50, 100]);
  assert.deepEqual(changes.slice(0, 2), [null, "the connection was closed"]);
  link.close();
});

Deno.test("a link whose server takes no writes is none, and gives the connection up", async () => {
  const clients: FakeClient[] = [];
  const { link, changes } = linkOf(clients, () => Promise.reject(new Error("READONLY You can't write")));
  await turn();
  const { opening } = link;
  clients[0].connected.resolve();
  await opening;
  assert.deepEqual([link.client, link.opening, changes], [null, null, ["READONLY You can't write"]]);
  assert.equal(clients[0].disconnected, 1);
  link.close();
});

Deno.test("a link does not wait for ever for an attempt", async () => {
  const clients: FakeClient[] = [], { link, clock, changes } = linkOf(clients);
  await turn();
  clock.advance(5000);
  assert.deepEqual([changes, clients[0].disconnected], [["not connected within 5000ms"], 1]);
  clients[0].connected.resolve();
  await turn();
  assert.equal(link.client, null, "it came too late");
  link.close();
});

Deno.test("a link gives up the connection it is asked to give up, and no later one", async () => {
  const clients: FakeClient[] = [], { link, clock } = linkOf(clients);
  await turn();
  clients[0].connected.resolve();
  await turn();
  const first = link.client!;
  link.renew(first, "it hangs");
  assert.deepEqual([link.client, link.reason, clients[0].disconnected], [null, "it hangs", 1]);
  clock.advance(50);
  await turn();
  clients[1].connected.resolve();
  await turn();
  link.renew(first, "it hung");
  assert.equal(link.client, clients[1] as unknown as RedisClient);
  link.close();
});

Deno.test("a link that is closed before it has a client never connects it", async () => {
  const clients: FakeClient[] = [], { link, clock, changes } = linkOf(clients);
  link.close();
  await turn();
  assert.deepEqual([clients.length, clock.pending, changes], [1, 0, []]);
  assert.equal(clients[0].connects, 0);
});

Deno.test("a link that is closed while it waits makes no more connections", async () => {
  const clients: FakeClient[] = [], { link, clock } = linkOf(clients);
  await turn();
  clients[0].connected.reject(new Error("closed"));
  await turn();
  assert.equal(clock.pending, 1);
  link.close();
  assert.equal(clock.pending, 0);
});
