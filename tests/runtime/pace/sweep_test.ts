import { strict as assert } from "node:assert";
import { Sweep, type Swept } from "../../../src/runtime/pace/sweep.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Records the ticks at which it was looked at. */
class Seen implements Swept {
  readonly ticks: number[] = [];
  look(tick: number): void {
    this.ticks.push(tick);
  }
}

Deno.test("Sweep looks at all ten times a second, and only while there is somebody", () => {
  const clock = new FakeClock(), sweep = new Sweep(clock), one = new Seen(), other = new Seen();
  assert.equal(clock.pending, 0);
  sweep.add(one);
  clock.advance(250);
  sweep.add(other);
  clock.advance(50);
  assert.deepEqual([one.ticks, other.ticks], [[1, 2, 3], [3]]);
  sweep.remove(one);
  assert.equal(clock.pending, 1);
  sweep.remove(other);
  assert.equal(clock.pending, 0, "it rests");
  clock.advance(10_000);
  assert.equal(sweep.tick, 3);
  sweep.add(one);
  clock.advance(100);
  assert.deepEqual(one.ticks, [1, 2, 3, 4]);
});

Deno.test("Sweep.after(): never early, and late by two looks at most, whenever it is asked", () => {
  for (const ms of [1, 99, 100, 101, 2_000]) {
    for (const phase of [0, 1, 50, 99]) {
      const clock = new FakeClock(), sweep = new Sweep(clock), seen = new Seen();
      sweep.add(seen);
      clock.advance(1_000 + phase);
      const asked = clock.now(), due = sweep.after(ms);
      while (sweep.tick < due) clock.advance(1);
      const took = clock.now() - asked;
      assert.ok(took >= ms && took <= ms + 200, `${took} ms for ${ms} asked ${phase} ms behind a look`);
    }
  }
});

Deno.test("Sweep: whoever leaves during a look, or is removed by another, is not looked at again", () => {
  const clock = new FakeClock(), sweep = new Sweep(clock), last = new Seen();
  const first: Swept = {
    look() {
      sweep.remove(first);
      sweep.remove(last);
    },
  };
  sweep.add(first);
  sweep.add(last);
  clock.advance(500);
  assert.deepEqual([last.ticks, sweep.tick, clock.pending], [[], 1, 0]);
});

Deno.test("Sweep.date is that of the wall to the second, also after a rest and when the wall is set", () => {
  const clock = new FakeClock({ wall: Date.UTC(2026, 1, 28, 23, 59, 59) }), sweep = new Sweep(clock), seen = new Seen();
  sweep.add(seen);
  assert.equal(sweep.date, "Sat, 28 Feb 2026 23:59:59 GMT");
  clock.advance(1_000);
  assert.equal(sweep.date, "Sun, 01 Mar 2026 00:00:00 GMT");
  sweep.remove(seen);
  clock.advance(60_000);
  sweep.add(seen);
  assert.equal(sweep.date, "Sun, 01 Mar 2026 00:01:00 GMT");
  clock.setWall(Date.UTC(2020, 0, 1));
  clock.advance(100);
  assert.equal(sweep.date, "Wed, 01 Jan 2020 00:00:00 GMT");
});

Deno.test("Sweep.time is the ticks in milliseconds", () => {
  const clock = new FakeClock(), sweep = new Sweep(clock);
  sweep.add(new Seen());
  clock.advance(1_234);
  assert.equal(sweep.time, 1_200);
});
