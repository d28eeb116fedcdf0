import assert from "node:assert/strict";
import fc from "fast-check";
import { GRID } from "../../../src/core/limit.ts";
import { SharedTime } from "../../../src/state/shared_memory/shared_time.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const EPOCH = Date.UTC(2026, 0, 1);

Deno.test("SharedTime is microseconds from the epoch, wherever a thread's clock began", () => {
  for (const now of [0, 77.75, 1e7]) {
    const clock = new FakeClock({ now, wall: EPOCH + 5 }), time = new SharedTime(clock, EPOCH);
    clock.advance(1.5);
    const read = time.now(0);
    // A date in milliseconds has parts of a thousand in a double.
    assert.ok(Math.abs(read - 6500) <= 1, `${read}`);
  }
});

Deno.test("SharedTime passes on the grid exactly as the clock does", () => {
  const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 2 });
  fc.assert(fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), times, (began, times) => {
    const clock = new FakeClock({ now: began, wall: EPOCH + 3.25 }), time = new SharedTime(clock, EPOCH);
    const grid = () => Math.floor(clock.now() * 1000 * GRID) / GRID, first = time.now(0) - grid();
    assert.equal(first * GRID, Math.floor(first * GRID));
    for (const ms of times) {
      clock.advance(ms);
      assert.equal(time.now(0) - grid(), first);
    }
  }));
});

Deno.test("SharedTime goes back behind nobody, and a thread that is slow catches up for good", () => {
  const clock = new FakeClock({ wall: EPOCH + 1 }), time = new SharedTime(clock, EPOCH);
  assert.equal(time.now(0), 1000);
  assert.equal(time.now(1800), 1800);
  clock.advance(1);
  assert.equal(time.now(1900), 2800);
});

Deno.test("SharedTime does not begin before the epoch", () => {
  const time = new SharedTime(new FakeClock({ wall: EPOCH - 60_000 }), EPOCH);
  assert.equal(time.now(0), 0);
});
