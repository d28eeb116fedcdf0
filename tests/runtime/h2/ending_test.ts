import { strict as assert } from "node:assert";
import type { BodySource } from "../../../src/core/body.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { FakeClock } from "../../support/fake_clock.ts";
import * as f from "./frames.ts";
import { settled } from "./peer.ts";
import { reply, TestListener } from "./test_listener.ts";

/** A body that nothing comes of. */
function silent(): BodySource {
  const { promise, reject } = Promise.withResolvers<number>();
  return { length: undefined, read: () => promise, cancel: () => reject(new Error("cancelled")) };
}

Deno.test("drain() ends an idle connection with GOAWAY at once", async () => {
  const listener = new TestListener();
  using peer = await listener.connect();
  await peer.send(f.get(1));
  peer.take();
  peer.connection.drain();
  await settled();
  assert.deepEqual([peer.lines(), peer.stream.writeClosed, peer.stream.closed], [["GOAWAY 1 0"], true, false]);
  peer.stream.end();
  await settled();
  assert.deepEqual([peer.stream.closed, listener.connections], [true, 0]);
});

Deno.test("drain() lets what is under way end, and what the client opens before it knows", async () => {
  const go = Promise.withResolvers<void>();
  const listener = new TestListener(async ({ path }) => {
    if (path === "/slow") await go.promise;
    return Reply.text(200, path);
  });
  using peer = await listener.connect();
  await peer.send(f.get(1, "/slow"));
  peer.connection.drain();
  peer.connection.drain();
  await settled();
  assert.deepEqual(peer.lines(), ["GOAWAY 2147483647 0", "PING"]);
  await peer.send(f.get(3, "/raced"), f.ping(f.ACK, "goodbye!"));
  assert.deepEqual(peer.lines().sort(), ["DATA 3 6 END", "GOAWAY 3 0", "HEADERS 3 200"]);
  await peer.send(f.post(5), f.data(5, "too late"), f.windowUpdate(5, 1), f.reset(5));
  assert.deepEqual([peer.lines(), peer.stream.writeClosed], [[], false], "not served, and the client knows");
  go.resolve();
  await settled();
  assert.deepEqual([peer.lines(), peer.stream.writeClosed], [["HEADERS 1 200", "DATA 1 5 END"], true]);
  assert.equal(listener.log.length, 2);
});

Deno.test("what a GOAWAY said is served never rises (RFC 9113 §6.8)", async () => {
  const listener = new TestListener(() => new Promise<Reply>(() => {}));
  using peer = await listener.connect();
  await peer.send(f.get(1));
  peer.connection.drain();
  await peer.send(f.ping(f.ACK));
  peer.take();
  await peer.send(f.get(3), f.frame(f.PING, 0, 0, "short"));
  assert.deepEqual(peer.lines(), ["GOAWAY 1 6"]);
});

Deno.test("a client that does not acknowledge is told to go after a second", async () => {
  const listener = new TestListener(() => new Promise<Reply>(() => {}));
  using peer = await listener.connect();
  await peer.send(f.get(1));
  peer.connection.drain();
  await settled();
  peer.take();
  await (listener.clock as FakeClock).pass(1_200);
  await settled();
  assert.deepEqual(peer.lines(), ["GOAWAY 1 0"]);
});

Deno.test("an answer while the gateway is about to stop brings GOAWAY along", async () => {
  const listener = new TestListener();
  using peer = await listener.connect();
  listener.draining = true;
  await peer.send(f.get(1));
  assert.deepEqual(peer.lines(), ["HEADERS 1 200", "DATA 1 5 END", "GOAWAY 1 0"]);
});

Deno.test("cut() answers 503 where there is no answer, and resets what is under way", async () => {
  const listener = new TestListener(({ path }) =>
    path === "/body" ? reply(200, [], silent()) : new Promise<Reply>(() => {})
  );
  using peer = await listener.connect();
  await peer.send(f.get(1), f.get(3, "/body"));
  peer.take();
  peer.connection.cut();
  await settled();
  const lines = peer.lines();
  assert.ok(["HEADERS 1 503", "RST 3 8", "GOAWAY 3 0"].every((line) => lines.includes(line)), lines.join("\n"));
  assert.ok(peer.stream.writeClosed);
  assert.deepEqual(listener.lines.sort(), ["200 GET /body shutting_down", "503 GET / shutting_down"]);
  await (listener.clock as FakeClock).pass(1_300);
  assert.deepEqual([peer.stream.closed, listener.connections, listener.open], [true, 0, 0]);
});

Deno.test("cut() does not wait for a client that takes nothing", async () => {
  const listener = new TestListener(() => new Promise<Reply>(() => {}));
  using peer = await listener.connect();
  await peer.send(f.get(1));
  peer.stream.allow(0);
  peer.connection.cut();
  await (listener.clock as FakeClock).pass(1_300);
  await settled();
  assert.deepEqual([peer.stream.closed, listener.open, listener.lines], [true, 0, ["503 GET / shutting_down"]]);
});

Deno.test("close() ends everything at once", async () => {
  const listener = new TestListener(() => reply(200, [], silent()));
  const peer = await listener.connect();
  await peer.send(f.get(1), f.post(3), f.data(3, "x"));
  peer.connection.close();
  peer.connection.close();
  await settled();
  assert.deepEqual([peer.stream.closed, listener.connections], [true, 0]);
  assert.equal((listener.clock as FakeClock).pending, 0, "no timer is left");
});

Deno.test("every buffer comes back to its pool, once", async () => {
  const listener = new TestListener(({ path }) => reply(200, [], new Uint8Array(path === "/large" ? 1_000_000 : 10)));
  const given: Uint8Array[] = [], taken = new Set<Uint8Array>(), { pool } = listener;
  const take = pool.take.bind(pool), give = pool.give.bind(pool);
  pool.take = () => {
    const buffer = take();
    assert.ok(!taken.has(buffer), "given to two at a time");
    taken.add(buffer);
    return buffer;
  };
  pool.give = (buffer) => {
    assert.ok(taken.delete(buffer), "given back twice");
    given.push(buffer);
    give(buffer);
  };
  const peer = await listener.connect();
  await peer.send(f.settings([4, 2 ** 30]), f.windowUpdate(0, 2 ** 30));
  await peer.send(f.get(1, "/large"), f.get(3), f.get(5, "/large"), f.reset(5));
  peer.stream.allow(10);
  await peer.send(f.get(7, "/large"));
  peer.stream.reset();
  await settled();
  assert.ok(given.length > 10);
  assert.ok(taken.size <= 1, "but the one that a write may still read");
  peer.connection.close();
});

Deno.test("a mistake of ours ends the connection with INTERNAL_ERROR, and is told", async () => {
  const listener = new TestListener();
  using peer = await listener.connect();
  const { h2Reader } = listener;
  h2Reader.read = () => assert.fail("a bug");
  await peer.send(f.get(1));
  assert.deepEqual([peer.lines(), listener.crashes.length], [["GOAWAY 1 2"], 1]);
});
