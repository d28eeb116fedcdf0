import { strict as assert } from "node:assert";
import fc from "fast-check";
import { TICK_MS, TimerWheel } from "../../src/core/timer_wheel.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("a deadline fires within one tick after its time, never before, and once", () => {
  const clock = new FakeClock(), wheel = new TimerWheel(clock), fired: number[] = [];
  wheel.after(120, () => fired.push(clock.now()));
  clock.advance(119);
  assert.deepEqual(fired, []);
  clock.advance(TICK_MS + 1);
  assert.equal(fired.length, 1);
  assert.ok(fired[0] >= 120 && fired[0] <= 120 + TICK_MS);
  clock.advance(10_000);
  assert.equal(fired.length, 1);
});

Deno.test("a cancelled deadline never fires, and cancelling twice counts once", () => {
  const clock = new FakeClock(), wheel = new TimerWheel(clock);
  const deadline = wheel.after(100, () => assert.fail("cancelled"));
  wheel.after(100, () => {});
  deadline.cancel();
  deadline.cancel();
  assert.equal(wheel.size, 1);
  clock.advance(1_000);
  assert.equal(wheel.size, 0);
});

Deno.test("the wheel's timer stops when nothing is set, and starts again", () => {
  const clock = new FakeClock(), wheel = new TimerWheel(clock);
  wheel.after(10, () => {});
  clock.advance(60_000);
  assert.equal(clock.pending, 0);
  let fired = false;
  wheel.after(10, () => fired = true);
  clock.advance(2 * TICK_MS);
  assert.ok(fired);
});

Deno.test("close() forgets every deadline", () => {
  const clock = new FakeClock(), wheel = new TimerWheel(clock);
  for (let i = 0; i < 10; i++) wheel.after(i * 100, () => assert.fail("closed"));
  wheel.close();
  assert.deepEqual([wheel.size, clock.pending], [0, 0]);
  clock.advance(5_000);
});

Deno.test("deadlines set and cancelled while others fire keep their order and number", () => {
  const clock = new FakeClock(), wheel = new TimerWheel(clock), fired: string[] = [];
  const second = wheel.after(100, () => fired.push("second"));
  wheel.after(100, () => {
    fired.push("first");
    second.cancel();
    wheel.after(0, () => fired.push("third"));
  });
  // The one that cancels is linked behind the one it cancels, so set it up the other way round as well.
  const late = wheel.after(200, () => fired.push("late"));
  wheel.after(100, () => late.cancel());
  clock.advance(1_000);
  assert.deepEqual(fired, ["second", "first", "third"]);
});

Deno.test("a deadline that throws does not hold up the others of its moment", () => {
  const clock = new FakeClock(), wheel = new TimerWheel(clock), fired: string[] = [];
  wheel.after(100, () => {
    throw new Error("planted");
  });
  wheel.after(100, () => fired.push("next"));
  assert.throws(() => clock.advance(200), /planted/);
  assert.deepEqual(fired, ["next"]);
});

Deno.test("property: like a sorted list of deadlines, to the tick", () => {
  const step = fc.record({
    ms: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 200_000 })),
    cancel: fc.boolean(),
    advance: fc.integer({ min: 0, max: 80_000 }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const clock = new FakeClock(), wheel = new TimerWheel(clock);
    const set: { due: number; fired: number | null; cancelled: boolean }[] = [];
    for (const { ms, cancel, advance } of steps) {
      const entry = { due: clock.now() + ms, fired: null as number | null, cancelled: false };
      const deadline = wheel.after(ms, () => {
        assert.equal(entry.fired, null, "fired twice");
        entry.fired = clock.now();
      });
      set.push(entry);
      if (cancel) {
        deadline.cancel();
        entry.cancelled = true;
      }
      clock.advance(advance);
      for (const each of set) {
        if (each.cancelled) assert.equal(each.fired, null);
        else if (each.fired !== null) assert.ok(each.fired >= each.due && each.fired <= each.due + 2 * TICK_MS);
        else assert.ok(clock.now() < each.due + 2 * TICK_MS, "missed");
      }
    }
  }));
});
