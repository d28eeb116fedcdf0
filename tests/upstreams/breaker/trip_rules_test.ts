import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Clock } from "../../../src/core/clock.ts";
import { type TripPlan, TripRules } from "../../../src/upstreams/breaker/trip_rules.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const OFF: TripPlan = { failureRatio: null, minRequests: 20, consecutiveFailures: null, window: 10_000 };
const SECOND = 1_000;

/** What is tried: a plan, and a threshold of failures or none. */
type Rules = Partial<TripPlan> & { readonly failures?: number };

function build({ failures, ...plan }: Rules, clock: Clock): TripRules {
  return new TripRules({ ...OFF, ...plan }, failures === undefined ? null : { id: "", value: failures }, clock);
}

/** `f` a failure, `s` a success, `.` a second that passes. @returns up to where the history went when the rules tripped, or `null` */
function trippedAt(rules: TripRules, history: string, clock: FakeClock): string | null {
  for (const [at, step] of [...history].entries()) {
    if (step === ".") clock.advance(SECOND);
    else if (step === "f" ? rules.failed() : rules.succeeded()) return history.slice(0, at + 1);
  }
  return null;
}

const table: readonly [rules: Rules, history: string, trippedAt: string | null][] = [
  // Failures within the window.
  [{ failures: 3 }, "ff", null],
  [{ failures: 3 }, "fff", "fff"],
  [{ failures: 1 }, "sssf", "sssf"],
  [{ failures: 3 }, "fsfssf", "fsfssf"],
  [{ failures: 3 }, "f....f....fs", "f....f....f"],
  [{ failures: 3 }, "f.....f......f", null],
  [{ failures: 3 }, "f.....f......f..f", "f.....f......f..f"],
  [{ failures: 3 }, "ff...........ff...........ff", null],
  // The share of failures.
  [{ failureRatio: 0.5, minRequests: 4 }, "fff", null],
  [{ failureRatio: 0.5, minRequests: 4 }, "ffff", "ffff"],
  [{ failureRatio: 0.5, minRequests: 4 }, "ssff", "ssff"],
  [{ failureRatio: 0.5, minRequests: 4 }, "sssff", null],
  [{ failureRatio: 0.5, minRequests: 4 }, "sssfff", "sssfff"],
  [{ failureRatio: 1, minRequests: 2 }, "sfffff", null],
  [{ failureRatio: 1, minRequests: 2 }, "s...........ff", "s...........ff"],
  [{ failureRatio: 0.5, minRequests: 4 }, "ff...........ff", null],
  [{ failureRatio: 0.5, minRequests: 1 }, "ssss", null],
  // The success that makes the volume complete, and the one that comes when older successes are forgotten.
  [{ failureRatio: 0.5, minRequests: 4 }, "fffs", "fffs"],
  [{ failureRatio: 0.5, minRequests: 4 }, "sssss......fff.....s", "sssss......fff.....s"],
  // Failures in a row, however long it takes.
  [{ consecutiveFailures: 3 }, "ff", null],
  [{ consecutiveFailures: 3 }, "ffsffsff", null],
  [{ consecutiveFailures: 3 }, "ffsfff", "ffsfff"],
  [{ consecutiveFailures: 1 }, "sssf", "sssf"],
  [{ consecutiveFailures: 3 }, "f.............f.............f", "f.............f.............f"],
  // The first that holds.
  [{ failures: 4, consecutiveFailures: 2 }, "fsff", "fsff"],
  [{ failures: 3, consecutiveFailures: 9 }, "fsfsf", "fsfsf"],
  [{ failures: 9, failureRatio: 0.5, minRequests: 3 }, "sfs", null],
  [{ failures: 9, failureRatio: 0.5, minRequests: 3, consecutiveFailures: 9 }, "sff", "sff"],
];

for (const [rules, history, expected] of table) {
  Deno.test(`${JSON.stringify(rules)}: ${history} ${expected === null ? "does not trip" : `trips at ${expected}`}`, () => {
    const clock = new FakeClock();
    assert.equal(trippedAt(build(rules, clock), history, clock), expected);
  });
}

/** Each rule in a line, by looking at everything that there was. */
type Seen = readonly { readonly at: number; readonly failed: boolean }[];
const recent = (seen: Seen) => seen.filter(({ at }) => seen.at(-1)!.at - at <= OFF.window);
const failures = (seen: Seen) => seen.filter(({ failed }) => failed).length;
const row = (seen: Seen) => seen.length - 1 - seen.findLastIndex(({ failed }) => !failed);
const models: readonly { readonly name: string; readonly rules: Rules; holds(seen: Seen): boolean }[] = [
  { name: "failureThreshold", rules: { failures: 4 }, holds: (seen) => failures(recent(seen)) >= 4 },
  {
    name: "failureRatio",
    rules: { failureRatio: 0.6, minRequests: 5 },
    holds: (seen) => recent(seen).length >= 5 && failures(recent(seen)) / recent(seen).length >= 0.6,
  },
  { name: "consecutiveFailures", rules: { consecutiveFailures: 3 }, holds: (seen) => row(seen) >= 3 },
];

const steps = fc.array(
  fc.record({ pause: fc.constantFrom(0, 0, 100, 1_000, 3_000, 10_000, 10_100), failed: fc.boolean() }),
  { maxLength: 60, size: "max" },
);

for (const { name, rules, holds } of models) {
  Deno.test(`property: ${name} trips when its model says so, and starts anew after reset()`, () => {
    fc.assert(fc.property(steps, (list) => {
      const clock = new FakeClock(), tried = build(rules, clock);
      let seen: { at: number; failed: boolean }[] = [];
      for (const { pause, failed } of list) {
        clock.advance(pause);
        seen.push({ at: clock.now(), failed });
        const trips = failed ? tried.failed() : tried.succeeded();
        assert.equal(trips, (failed || name === "failureRatio") && holds(seen));
        if (!trips) continue;
        tried.reset();
        seen = [];
      }
    }));
  });
}

Deno.test("property: a share of whole numbers trips at exactly that share", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), (percent) => {
    const rules = build({ failureRatio: percent / 100, minRequests: 100 }, new FakeClock());
    for (let i = percent; i < 100; i++) assert.ok(!rules.succeeded());
    for (let i = 1; i < percent; i++) assert.ok(!rules.failed());
    assert.ok(rules.failed());
  }));
});

Deno.test("a threshold that is turned holds from the next failure", () => {
  const knob = { id: "", value: 5 }, rules = new TripRules(OFF, knob, new FakeClock());
  for (let i = 0; i < 3; i++) assert.ok(!rules.failed());
  knob.value = 4;
  assert.ok(!rules.succeeded());
  assert.ok(rules.failed());
  knob.value = 7;
  assert.ok(!rules.failed());
  assert.ok(!rules.failed());
  assert.ok(rules.failed());
});

Deno.test("the clock is read only where an outcome enters the window, and not when the caller has read it", () => {
  const clock = new FakeClock();
  let reads = 0;
  const counting: Clock = Object.assign(Object.create(clock), { now: () => (reads++, clock.now()) });
  const inARow = build({ consecutiveFailures: 9 }, counting), byCount = build({ failures: 9 }, counting);
  const byShare = build({ failures: 9, failureRatio: 1, consecutiveFailures: 9 }, counting);
  const readsOf = (use: () => unknown) => (reads = 0, use(), reads);
  assert.deepEqual([inARow, byCount, byShare].map((rules) => readsOf(() => rules.succeeded())), [0, 0, 1]);
  assert.deepEqual([inARow, byCount, byShare].map((rules) => readsOf(() => rules.failed())), [0, 1, 1]);
  assert.equal(readsOf(() => [byCount.failed(7), byShare.failed(7), byShare.succeeded(7)]), 0);
});
