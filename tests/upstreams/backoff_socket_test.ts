import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { until } from "../support/until.ts";
import { answering, gatewayTo, get, Pending, REFUSING, settle } from "./traffic_bed.ts";

/** Waits until the gateway pauses for this long: shorter than a tick of its wheel, which is the other timer. */
async function pausesFor(clock: FakeClock, ms: number): Promise<void> {
  await until(() => clock.untilNext === ms, `a pause of ${ms} ms`);
}

Deno.test("pauses are random up to base, which doubles, and up to max", async () => {
  const clock = new FakeClock();
  await using origin = await answering(503);
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { retry: { attempts: 5, backoff: { base: "8ms", max: "24ms" } } },
    world: { random: () => 0.25 },
  });
  await using pending = await Pending.send(gateway, get());
  for (const [tries, pause] of [[1, 2], [2, 4], [3, 6], [4, 6]]) {
    await pausesFor(clock, pause);
    assert.equal(origin.requests.length, tries);
    clock.advance(pause - 1);
    await settle();
    assert.equal(origin.requests.length, tries, "not before its time");
    clock.advance(1);
    await until(() => origin.requests.length === tries + 1);
  }
  assert.equal((await pending.response).status, 503);
});

Deno.test("the short form of backoff is the base", async () => {
  const clock = new FakeClock();
  await using origin = await answering(503);
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { retry: { attempts: 2, backoff: "40ms" } },
    world: { random: () => 0.5 },
  });
  await using pending = await Pending.send(gateway, get());
  await pausesFor(clock, 20);
  clock.advance(20);
  await pending.response;
});

Deno.test("an endpoint that refuses connections is not waited for where there is another", async () => {
  const clock = new FakeClock();
  await using good = await answering(200);
  await using gateway = gatewayTo([REFUSING, good.url], clock, {
    settings: { retry: { backoff: "40ms" } },
    world: { random: () => 0.5 },
  });
  await using pending = await Pending.send(gateway, get());
  assert.equal((await pending.response).status, 200);
  assert.equal(clock.now(), 0);
});

Deno.test("an endpoint that refuses connections and is the only one is given its time", async () => {
  const clock = new FakeClock();
  await using gateway = gatewayTo([REFUSING], clock, {
    settings: { retry: { backoff: "40ms" } },
    world: { random: () => 0.5 },
  });
  await using pending = await Pending.send(gateway, get());
  await pausesFor(clock, 20);
  assert.equal(pending.status, null);
  clock.advance(20);
  assert.equal((await pending.response).status, 502);
  assert.equal((await gateway.event()).attempts, 2);
});

Deno.test("a pause that would end behind the deadline is not begun: the upstream's answer passes at once", async () => {
  const clock = new FakeClock();
  await using origin = await answering(503, "own");
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { retry: { backoff: { base: "10s", max: "10s" } }, timeouts: { total: "20s", deadlineHeader: "x-wait" } },
    world: { random: () => 0.5 },
  });
  await using pending = await Pending.send(gateway, get("x-wait: 4"));
  const response = await pending.response;
  assert.deepEqual([response.status, response.text, origin.requests.length], [503, "own", 1]);
  assert.equal(clock.now(), 0);
});
