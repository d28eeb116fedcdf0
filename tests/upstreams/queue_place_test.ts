import { strict as assert } from "node:assert";
import { TICK_MS, TimerWheel } from "../../src/core/timer_wheel.ts";
import { QueuePlace } from "../../src/upstreams/queue_place.ts";
import { UpstreamLoad } from "../../src/upstreams/upstream_load.ts";
import { FakeClock } from "../support/fake_clock.ts";

function bed(limit: number) {
  const clock = new FakeClock(), wheel = new TimerWheel(clock), load = new UpstreamLoad(), told: string[] = [];
  const waiter = {
    free: false,
    proceed() {
      if (!this.free) return false;
      told.push("proceeds");
      place.leave();
      return true;
    },
  };
  const place = new QueuePlace(load, waiter, wheel, limit, () => told.push("late"));
  return { clock, wheel, load, told, waiter, place };
}

Deno.test("a place in the line is kept until the time is over, and told once", () => {
  const { clock, load, told, wheel } = bed(1_000);
  assert.equal(load.waiting, 1);
  clock.advance(999);
  assert.deepEqual([told, load.waiting], [[], 1]);
  clock.advance(TICK_MS);
  assert.deepEqual([told, load.waiting, wheel.size], [["late"], 0, 0]);
  load.admit();
  clock.advance(10_000);
  assert.deepEqual(told, ["late"]);
});

Deno.test("who waits is asked whether it can go on, and stays in the line until it can", () => {
  const { load, told, waiter, wheel } = bed(1_000);
  load.touch();
  assert.deepEqual([told, load.waiting], [[], 1]);
  waiter.free = true;
  load.touch();
  assert.deepEqual([told, load.waiting, wheel.size], [["proceeds"], 0, 0]);
});

Deno.test("who leaves is neither asked nor late, and leaves no deadline behind", () => {
  const { clock, wheel, load, told, place, waiter } = bed(1_000);
  place.leave();
  place.leave();
  assert.deepEqual([load.waiting, wheel.size], [0, 0]);
  waiter.free = true;
  load.touch();
  clock.advance(10_000);
  assert.deepEqual(told, []);
});
