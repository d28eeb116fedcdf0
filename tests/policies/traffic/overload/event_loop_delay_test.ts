import { strict as assert } from "node:assert";
import { EventLoopDelay } from "../../../../src/policies/traffic/overload/event_loop_delay.ts";
import { LateClock } from "./late_clock.ts";

function looks(clock: LateClock, count: number, late: number): void {
  for (let i = 0; i < count; i++) clock.look(late);
}

Deno.test("the delay follows the event loop within a second, both ways", () => {
  const clock = new LateClock(), delay = new EventLoopDelay(clock);
  looks(clock, 20, 0);
  assert.equal(delay.value, 0);
  looks(clock, 3, 100);
  assert.ok(delay.value > 40 && delay.value < 60, `${delay.value} after three looks`);
  looks(clock, 20, 100);
  assert.equal(Math.round(delay.value), 99);
  looks(clock, 20, 0);
  assert.equal(Math.round(delay.value), 1);
});

Deno.test("one stall is no load", () => {
  const clock = new LateClock(), delay = new EventLoopDelay(clock);
  looks(clock, 1, 300);
  assert.equal(delay.value, 60);
});

Deno.test("a process that was stopped for an hour is as good as new in two seconds", () => {
  const clock = new LateClock(), delay = new EventLoopDelay(clock);
  looks(clock, 1, 3_600_000);
  looks(clock, 40, 0);
  assert.ok(delay.value < 1, `${delay.value}`);
});

Deno.test("a timer that comes early does not count against the late ones", () => {
  const clock = new LateClock(), delay = new EventLoopDelay(clock);
  looks(clock, 20, -20);
  assert.equal(delay.value, 0);
});

Deno.test("nobody looks any more after close", () => {
  const clock = new LateClock(), delay = new EventLoopDelay(clock);
  delay.close();
  assert.equal(clock.watched, false);
});
