import { strict as assert } from "node:assert";
import { TICK_MS, TimerWheel } from "../../../src/core/timer_wheel.ts";
import { Trials } from "../../../src/upstreams/breaker/trials.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function bed(places: number) {
  const clock = new FakeClock(), wheel = new TimerWheel(clock), freed: number[] = [];
  const onFree = () => void freed.push(clock.now());
  return { clock, wheel, freed, trials: new Trials({ places, patience: 1_000, deadlines: wheel, onFree }) };
}

Deno.test("places are full when as many are held as there are", () => {
  const { trials } = bed(2);
  assert.ok(!trials.full);
  trials.take(1);
  assert.ok(!trials.full);
  trials.take(2);
  assert.ok(trials.full);
});

Deno.test("a place that is given back is told only where all were taken", () => {
  const { trials, freed, wheel } = bed(2);
  trials.take(1);
  trials.release(1);
  assert.deepEqual([freed.length, wheel.size], [0, 0]);
  trials.take(2);
  trials.take(3);
  trials.release(2);
  trials.release(3);
  assert.deepEqual([freed.length, wheel.size], [1, 0]);
});

Deno.test("a trial that lasts loses its place, and giving back what it lost frees no other's", () => {
  const { trials, freed, clock, wheel } = bed(1);
  trials.take(1);
  clock.advance(1_000 - 1);
  assert.ok(trials.full);
  clock.advance(TICK_MS + 1);
  assert.deepEqual([trials.full, freed.length, wheel.size], [false, 1, 0]);
  trials.take(2);
  trials.release(1);
  assert.deepEqual([trials.full, freed.length], [true, 1]);
});

Deno.test("close() leaves no deadline and tells nobody", () => {
  const { trials, freed, clock, wheel } = bed(2);
  trials.take(1);
  trials.take(2);
  trials.close();
  assert.equal(wheel.size, 0);
  clock.advance(10_000);
  assert.deepEqual(freed, []);
});
