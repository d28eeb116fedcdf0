import { strict as assert } from "node:assert";
import { StoreBreaker } from "../../../src/state/redis/store_breaker.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function breaker(): { breaker: StoreBreaker; clock: FakeClock; fail: () => boolean; answer: () => boolean } {
  const clock = new FakeClock(), breaker = new StoreBreaker({ failures: 3, openFor: 1000 }, clock);
  return {
    breaker,
    clock,
    fail: () => breaker.settle(breaker.enter(), false),
    answer: () => breaker.settle(breaker.enter(), true),
  };
}

Deno.test("a store's breaker opens after failures in a row, which an answer interrupts", () => {
  const { breaker: it, fail, answer } = breaker();
  assert.deepEqual([fail(), fail(), answer(), fail(), fail()], [false, false, false, false, false]);
  assert.equal(it.closed, true);
  assert.equal(fail(), true);
  assert.deepEqual([it.closed, it.enter()], [false, 0]);
});

Deno.test("a store's breaker lets one try when its time is over, and does as that fares", () => {
  const { breaker: it, clock, fail } = breaker();
  for (let i = 0; i < 3; i++) fail();
  clock.advance(999);
  assert.equal(it.enter(), 0);
  clock.advance(1);
  const trial = it.enter();
  assert.ok(trial > 0);
  assert.equal(it.enter(), 0, "one at a time");
  assert.equal(it.settle(trial, false), true);
  assert.equal(it.enter(), 0);
  clock.advance(1000);
  assert.equal(it.settle(it.enter(), true), false);
  assert.equal(it.closed, true);
  assert.deepEqual([fail(), fail(), fail()], [false, false, true], "it counts from the beginning");
});

Deno.test("what began before a store's breaker opened neither closes it nor holds it open", () => {
  const { breaker: it, clock, fail } = breaker();
  const straggler = it.enter();
  for (let i = 0; i < 3; i++) fail();
  assert.equal(it.settle(straggler, true), false);
  assert.equal(it.closed, false);
  clock.advance(1000);
  const trial = it.enter();
  assert.equal(it.settle(straggler, false), false);
  it.settle(trial, true);
  assert.equal(it.closed, true);
});
