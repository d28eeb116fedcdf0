/** What every store of limits must do, whatever it is made of. @module */

import assert from "node:assert/strict";
import fc from "fast-check";
import { gridTime, type Rule, ruleOf, type Verdict } from "../../src/core/limit.ts";
import type { Limiter, Store } from "../../src/core/store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { type Admitted, holdBound, MODELLED, type ModelledAlgorithm } from "./limit_models.ts";

/** A store under test. */
export interface ConformingStore {
  /** In test names. */
  readonly name: string;
  /** Opens one whose time is the clock's. It is closed by the suite. */
  open(clock: FakeClock): Store | Promise<Store>;
  /** Random histories for each algorithm. */
  readonly runs: number;
  /** Runs a test of this name, with whatever the store needs. @default Deno.test */
  test?(name: string, run: () => Promise<void>): void;
}

/** Where the tests' time begins: no whole number, so that nothing depends on it. */
const START = 123_456.7;

type Step =
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "take"; readonly key: number; readonly cost: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("pass" as const),
        ms: fc.double({ min: 0, max: 900_000, noNaN: true }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("take" as const),
        key: fc.integer({ min: 0, max: 2 }),
        cost: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, {
          weight: 1,
          arbitrary: fc.integer({ min: 0, max: 4 }),
        }),
      }),
    },
  ),
  { minLength: 1, maxLength: 60, size: "max" },
);

/** Rules over minutes: where a store keeps real time, tests do not outlast what it remembers. */
const rules: fc.Arbitrary<Rule> = fc.record({
  limit: fc.integer({ min: 1, max: 12 }),
  per: fc.integer({ min: 60_000, max: 600_000 }),
  burst: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  maxDelay: fc.integer({ min: 0, max: 600_000 }),
}).map((settings) => ruleOf(settings));

/** Registers the tests. */
export function limiterConformance({ name, open, runs, test = Deno.test }: ConformingStore): void {
  const limiterTest = (what: string, run: (bed: Bed) => Promise<void>) =>
    test(`${name} ${what}`, async () => {
      const clock = new FakeClock({ now: START });
      const bed = new Bed(await open(clock), clock);
      try {
        await run(bed);
      } finally {
        bed.store.close();
      }
    });

  for (const modelled of MODELLED) {
    const { algorithm } = modelled;
    limiterTest(`decides as the model of ${algorithm.name} does, and within its bound`, async (bed) => {
      await fc.assert(
        fc.asyncProperty(rules, steps, async (rule, steps) => {
          const limiter = bed.limiter([modelled]), past = new Map<number, Admitted[]>();
          for (const step of steps) {
            if (step.kind === "pass") {
              bed.clock.advance(step.ms);
              continue;
            }
            const now = bed.now, history = past.get(step.key) ?? [];
            const [verdict] = await limiter.take([`key ${step.key}`], [rule], step.cost);
            const expected = step.cost === 0 || modelled.admits(history, now, step.cost, rule);
            assert.equal(verdict.admitted, expected, `cost ${step.cost} at ${now} after ${JSON.stringify(history)}`);
            plausible(verdict);
            if (verdict.admitted && step.cost > 0) {
              past.set(step.key, [...history, { at: now, cost: step.cost, goesOn: now + verdict.delay }]);
            }
          }
          for (const history of past.values()) holdBound(modelled, rule, history);
        }),
        { numRuns: runs },
      );
    });

    limiterTest(`${algorithm.name}: retryAfter is neither too early nor too late`, async (bed) => {
      await fc.assert(
        fc.asyncProperty(rules, steps, async (rule, steps) => {
          const limiter = bed.limiter([modelled]);
          for (const step of steps) {
            if (step.kind === "pass") bed.clock.advance(step.ms);
            else if (step.cost > 0) {
              const [verdict] = await limiter.take(["k"], [rule], step.cost);
              if (verdict.admitted || verdict.retryAfter === Infinity) continue;
              // Two microseconds before, and two after: numbers of milliseconds do not hold every microsecond.
              bed.clock.advance(Math.max(0, verdict.retryAfter - 2) / 1000);
              if (verdict.retryAfter > 2) {
                assert.equal((await limiter.take(["k"], [rule], step.cost))[0].admitted, false, "too early");
              }
              bed.clock.advance(4 / 1000);
              assert.equal((await limiter.take(["k"], [rule], step.cost))[0].admitted, true, "not yet");
            }
          }
        }),
        { numRuns: runs },
      );
    });

    limiterTest(`${algorithm.name}: as many pass at once as it says remain`, async (bed) => {
      const rule = ruleOf({ limit: 7, per: 70_000, maxDelay: 30_000 }), limiter = bed.limiter([modelled]);
      let { remaining } = (await limiter.take(["k"], [rule], 0))[0];
      assert.ok(remaining > 0);
      for (; remaining > 0; remaining--) {
        const [verdict] = await limiter.take(["k"], [rule], 1);
        assert.deepEqual([verdict.admitted, verdict.remaining], [true, remaining - 1]);
      }
      const [verdict] = await limiter.take(["k"], [rule], 1);
      assert.deepEqual([verdict.admitted, verdict.remaining], [false, 0]);
    });

    limiterTest(`${algorithm.name}: is as good as new after resetAfter`, async (bed) => {
      const rule = ruleOf({ limit: 5, per: 60_000, maxDelay: 30_000 }), limiter = bed.limiter([modelled]);
      const fresh = await limiter.take(["k"], [rule], 0);
      assert.equal(fresh[0].resetAfter, 0);
      const [verdict] = await limiter.take(["k"], [rule], 2);
      assert.ok(verdict.resetAfter > 0);
      bed.clock.advance(verdict.resetAfter / 1000 + 0.001);
      assert.deepEqual(await limiter.take(["k"], [rule], 0), fresh);
    });

    limiterTest(
      `${algorithm.name}: what is charged afterwards counts, and what is given back does not`,
      async (bed) => {
        const rule = ruleOf({ limit: 6, per: 60_000, maxDelay: 60_000 }), limiter = bed.limiter([modelled]);
        const left = async () => (await limiter.take(["k"], [rule], 0))[0].remaining;
        await limiter.take(["k"], [rule], 1);
        const before = await left();
        await limiter.charge(["k"], [rule], 3);
        assert.equal(await left(), before - 3);
        await limiter.charge(["k"], [rule], -3);
        assert.equal(await left(), before);
        await limiter.charge(["k"], [rule], -100);
        const all = (await limiter.take(["other"], [rule], 0))[0].remaining;
        assert.equal(await left(), all, "never less than nothing used");
      },
    );

    limiterTest(`${algorithm.name}: keys are counted apart`, async (bed) => {
      const rule = ruleOf({ limit: 1, per: 60_000 }), limiter = bed.limiter([modelled]);
      for (const key of ["", "a", "b", "ab", "ü", "a".repeat(5000)]) {
        assert.equal((await limiter.take([key], [rule], 1))[0].admitted, true, key.slice(0, 9));
        assert.equal((await limiter.take([key], [rule], 1))[0].admitted, false, key.slice(0, 9));
      }
    });
  }

  limiterTest("answers at once where it is here, and later where it is elsewhere", async (bed) => {
    const limiter = bed.limiter([MODELLED[0]]), rule = ruleOf({ limit: 1, per: 60_000 });
    const verdicts = limiter.take(["k"], [rule], 1), charged = limiter.charge(["k"], [rule], 1);
    await Promise.all([verdicts, charged]);
    assert.deepEqual([verdicts, charged].map((answer) => answer instanceof Promise), Array(2).fill(bed.store.remote));
  });

  limiterTest("charges all limits of a policy or none", async (bed) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...MODELLED), rules), { minLength: 2, maxLength: 3 }),
        steps,
        async (limits, steps) => {
          const limiter = bed.limiter(limits.map(([modelled]) => modelled)), ruleList = limits.map(([, rule]) => rule);
          const past = new Map<string, Admitted[]>();
          for (const step of steps) {
            if (step.kind === "pass") {
              bed.clock.advance(step.ms);
              continue;
            }
            // The last limit counts by another key than the others do.
            const keys = limits.map((_, i) => i < limits.length - 1 ? `k${step.key}` : "all");
            const now = bed.now, places = keys.map((key, i) => `${i} ${key}`);
            const wanted = limits.map(([{ admits }, rule], i) =>
              step.cost === 0 || admits(past.get(places[i]) ?? [], now, step.cost, rule)
            );
            const verdicts = await limiter.take(keys, ruleList, step.cost);
            assert.deepEqual(verdicts.map(({ admitted }) => admitted), wanted);
            verdicts.forEach(plausible);
            if (step.cost === 0 || !wanted.every(Boolean)) continue;
            for (const place of places) {
              past.set(place, [...past.get(place) ?? [], { at: now, cost: step.cost, goesOn: now }]);
            }
          }
        },
      ),
      { numRuns: runs },
    );
  });

  limiterTest("tells what the other limits have left where one refuses", async (bed) => {
    const [bucket] = MODELLED, limiter = bed.limiter([bucket, bucket]);
    const rules = [ruleOf({ limit: 1, per: 60_000 }), ruleOf({ limit: 9, per: 60_000 })];
    await limiter.take(["k", "k"], rules, 1);
    const [strict, wide] = await limiter.take(["k", "k"], rules, 1);
    assert.deepEqual([strict.admitted, wide.admitted, wide.remaining], [false, true, 8]);
  });

  limiterTest("never admits more than one limit for all, however requests come together", async (bed) => {
    for (const modelled of MODELLED) {
      const limiter = bed.limiter([modelled]), rule = ruleOf({ limit: 10, per: 600_000, maxDelay: 540_000 });
      const verdicts = await Promise.all(Array.from({ length: 40 }, () => limiter.take(["k"], [rule], 1)));
      assert.equal(verdicts.filter(([{ admitted }]) => admitted).length, 10, modelled.algorithm.name);
    }
  });

  limiterTest("never admits a cost above what fits, and says so", async (bed) => {
    for (const modelled of MODELLED.filter(({ algorithm }) => algorithm.name !== "leaky-bucket")) {
      const [verdict] = await bed.limiter([modelled]).take(["k"], [ruleOf({ limit: 3, per: 60_000 })], 4);
      assert.deepEqual([verdict.admitted, verdict.retryAfter], [false, Infinity], modelled.algorithm.name);
    }
  });
}

/** A store, its clock, and limiters that nobody has used. */
class Bed {
  #made = 0;

  constructor(readonly store: Store, readonly clock: FakeClock) {}

  /** Microseconds, as the store sees them. */
  get now(): number {
    return gridTime(this.clock.now());
  }

  limiter(limits: readonly ModelledAlgorithm[]): Limiter {
    const id = `test/rateLimit#${++this.#made}`;
    return this.store.limiter({ id, algorithms: limits.map(({ algorithm }) => algorithm), maxKeys: 1000 });
  }
}

function plausible(verdict: Verdict): void {
  const { admitted, remaining, resetAfter, retryAfter, delay } = verdict;
  const right = Number.isInteger(remaining) && remaining >= 0 && resetAfter >= 0 && retryAfter >= 0 && delay >= 0 &&
    (admitted ? retryAfter === 0 : retryAfter > 0 && delay === 0);
  assert.ok(right, JSON.stringify(verdict));
}
