import { strict as assert } from "node:assert";
import { logTo } from "../../src/core/log.ts";
import type { Purge } from "../../src/core/purge.ts";
import { PurgeChannel } from "../../src/runtime/purge_channel.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { until } from "../support/until.ts";

const ORDER: Purge = { target: { tag: "t" }, soft: true };

/** Threads that know of each other, and what each was told. */
async function threads(count: number) {
  const clock = new FakeClock(), name = crypto.randomUUID(), told: [number, Purge, string | undefined][] = [];
  const channels = Array.from({ length: count }, (_, i) => {
    const channel = new PurgeChannel(name, clock);
    channel.answer((order, cache) => {
      told.push([i, order, cache]);
      return Promise.resolve(10 ** i);
    });
    return channel;
  });
  await until(() => channels.every(({ others }) => others === count - 1));
  return { clock, name, channels, told, close: () => channels.forEach((channel) => channel.close()) };
}

Deno.test("a purge is over when all other threads have done it; who has ordered it is not told", async () => {
  const { channels, told, clock, close } = await threads(3);
  assert.equal(await channels[1].tell(ORDER, "c"), 101);
  assert.deepEqual(told.sort(([a], [b]) => a - b), [[0, ORDER, "c"], [2, ORDER, "c"]]);
  assert.deepEqual(await Promise.all([channels[0].tell(ORDER, undefined), channels[2].tell(ORDER, undefined)]), [
    110,
    11,
  ]);
  assert.equal(clock.pending, 0);
  close();
});

Deno.test("a thread that has ended is not waited for twice", async () => {
  const { channels, clock, told, close } = await threads(3);
  channels[2].close();
  await until(() => channels[0].others === 1);
  channels[1].answer(() => new Promise(() => {}));
  const first = channels[0].tell(ORDER, undefined);
  await clock.untilPending(1);
  clock.advance(1000);
  assert.deepEqual([await first, told], [0, []]);
  assert.deepEqual([await channels[0].tell(ORDER, undefined), clock.pending], [0, 0]);
  close();
});

Deno.test("a thread that ends in the middle of a purge ends the wait for it", async () => {
  const { channels, clock, close } = await threads(3);
  channels[1].answer(() => new Promise(() => {}));
  const pending = channels[0].tell(ORDER, undefined);
  channels[1].close();
  assert.equal(await pending, 100);
  channels[2].answer(() => new Promise(() => {}));
  const own = channels[0].tell(ORDER, undefined);
  channels[0].close();
  assert.equal(await own, 0);
  assert.equal(await channels[0].tell(ORDER, undefined), 0);
  assert.equal(clock.pending, 0);
  close();
});

Deno.test("an order that a thread fails at is over, and its log says why", async () => {
  const clock = new FakeClock(), name = crypto.randomUUID(), lines: unknown[] = [];
  const log = logTo((level, message, fields) => lines.push([level, message, fields?.error]));
  const [one, other] = [new PurgeChannel(name, clock), new PurgeChannel(name, clock, log)],
    defect = new Error("defect");
  other.answer(() => Promise.reject(defect));
  await until(() => one.others === 1);
  assert.equal(await one.tell(ORDER, undefined), 0);
  assert.deepEqual(lines, [["error", "a purge failed", defect]]);
  one.close();
  other.close();
});

Deno.test("threads of another gateway are not told", async () => {
  const some = await threads(2), others = await threads(2);
  assert.equal(await some.channels[0].tell(ORDER, undefined), 10);
  assert.deepEqual(others.told, []);
  some.close();
  others.close();
});
