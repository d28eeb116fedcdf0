import assert from "node:assert/strict";
import { SpanTime } from "../../../src/telemetry/traces/span_time.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("spans have the date, and the clock's fractions", () => {
  const clock = new FakeClock({ now: 100, wall: 1_000_000 }), time = new SpanTime(clock);
  assert.equal(time.of(100.25), 1_000_000.25);
  clock.advance(3);
  assert.equal(time.of(), 1_000_003);
});

Deno.test("small steps of the date do not show, large ones do once somebody looks", () => {
  const clock = new FakeClock({ now: 0, wall: 1_000_000 }), time = new SpanTime(clock);
  clock.setWall(1_000_004);
  assert.equal(time.fresh(), time);
  assert.equal(time.of(), 1_000_000);
  clock.setWall(999_000);
  assert.equal(time.fresh().of(), 999_000);
  assert.equal(time.of(), 1_000_000, "what has begun goes on as it was");
});
