import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Knob } from "../../src/core/build_env.ts";
import { gridTime, type Rule, ruleOf } from "../../src/core/limit.ts";
import type { LimitPlan } from "../../src/policies/traffic/rate_limit/rate_limit_plan.ts";
import { ruleReader } from "../../src/policies/traffic/rate_limit/limit_rules.ts";
import { makeExchange } from "../support/exchange.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { memoryStore } from "../support/open_store.ts";
import { type Admitted, holdBound, MODELLED, type ModelledAlgorithm } from "./limit_models.ts";

/** Where the tests' time begins: no whole number, so that nothing depends on it. */
const START = 98_765.4;

const EXCHANGE = makeExchange();

/** A limit, and what its knob may be turned to. */
interface Limited {
  readonly modelled: ModelledAlgorithm;
  readonly limit: number;
  readonly other: number;
  readonly per: number;
  /** Times the limit; `null`: a token bucket has the limit. */
  readonly burst: number | null;
  readonly maxDelay: number;
  /** Whether all requests count together. */
  readonly together: boolean;
}

/** Requests that come at once. */
interface Burst {
  /** Milliseconds before it. */
  readonly pass: number;
  readonly count: number;
  readonly key: number;
  readonly cost: number;
  /** Units that are charged when a response is there. */
  readonly charge: number;
  /** Whether the knobs are turned first. */
  readonly turn: boolean;
}

const MINUTE = 60_000;

const limited: fc.Arbitrary<Limited> = fc.record({
  modelled: fc.constantFrom(...MODELLED),
  // Mostly few, so that they are used up; the wide ones leave the others alone.
  limit: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 6 }) }, { weight: 1, arbitrary: fc.constant(60) }),
  other: fc.integer({ min: 1, max: 12 }),
  per: fc.oneof(fc.constant(MINUTE), fc.integer({ min: MINUTE / 2, max: 2 * MINUTE })),
  burst: fc.option(fc.integer({ min: 1, max: 3 })),
  maxDelay: fc.integer({ min: 0, max: 2 * MINUTE }),
  together: fc.boolean(),
});

/** One line at most, as a request is held once. */
const several = fc.array(limited, { minLength: 2, maxLength: 3 })
  .filter((limits) => limits.filter(({ modelled }) => modelled.algorithm.name === "leaky-bucket").length < 2);

const bursts: fc.Arbitrary<Burst[]> = fc.array(
  fc.record({
    pass: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 6 }).map((tenths) => tenths * MINUTE / 10),
      fc.double({ min: 0, max: MINUTE, noNaN: true }),
    ),
    count: fc.integer({ min: 1, max: 8 }),
    key: fc.integer({ min: 0, max: 1 }),
    cost: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 4 }) }),
    charge: fc.oneof(
      { weight: 2, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
    ),
    turn: fc.boolean(),
  }),
  { minLength: 2, maxLength: 30 },
);

Deno.test("several limits in memory keep their bounds together, whatever is charged afterwards", () => {
  fc.assert(fc.property(several, bursts, (limits, bursts) => keepBounds(limits, bursts, false)), { numRuns: 1000 });
});

Deno.test("a limit that is turned up and down keeps the bound of the greater one", () => {
  fc.assert(fc.property(several, bursts, (limits, bursts) => keepBounds(limits, bursts, true)), { numRuns: 1000 });
});

/** Sends the requests, and looks at each window of what passed. */
function keepBounds(limits: readonly Limited[], bursts: readonly Burst[], turns: boolean): void {
  const clock = new FakeClock({ now: START }), sent = limits.map(() => new Map<string, Admitted[]>());
  const algorithms = limits.map(({ modelled }) => modelled.algorithm);
  const limiter = memoryStore(clock).limiter({ id: "test/rateLimit", algorithms, maxKeys: 1000 });
  const turned = limits.map((limit) => new Turned(limit));
  for (const { pass, count, key, cost, charge, turn } of bursts) {
    clock.advance(pass);
    if (turns && turn) { for (const limit of turned) limit.turn(); }
    const keys = limits.map(({ together }) => together ? "all" : `key ${key}`), at = gridTime(clock.now());
    for (let i = 0; i < count; i++) {
      const rules = turned.map(({ rule }) => rule), verdicts = limiter.take(keys, rules, cost);
      assert.ok(!(verdicts instanceof Promise));
      if (cost === 0 || !verdicts.every(({ admitted }) => admitted)) continue;
      keys.forEach((key, i) => {
        const history = sent[i].get(key) ?? [];
        sent[i].set(key, [...history, { at, cost, goesOn: at + verdicts[i].delay }]);
      });
      if (charge > 0) limiter.charge(keys, rules, charge);
    }
  }
  sent.forEach((histories, i) => {
    for (const history of histories.values()) holdBound(limits[i].modelled, turned[i].greatest, history);
  });
}

/** A limit as its policy reads it, at the number that was written or at the other one. */
class Turned {
  readonly greatest: Rule;
  readonly #limit: Limited;
  readonly #knob: Knob & { value: number };
  readonly #read: ReturnType<typeof ruleReader>;

  constructor(limited: Limited) {
    const { modelled: { algorithm }, limit, other, per, maxDelay } = limited;
    const burst = limited.burst === null ? undefined : limited.burst * limit;
    const plan: LimitPlan = { name: "test", algorithm, limit, per, burst, maxDelay, key: ["global"] };
    const knob = this.#knob = { id: "test", value: limit };
    this.#limit = limited;
    this.#read = ruleReader(plan, 1, knob.id, { knob: () => knob });
    const greater = Math.max(limit, other), times = limited.burst ?? 1;
    this.greatest = ruleOf({ limit: greater, per, burst: times * greater, maxDelay });
  }

  get rule(): Rule {
    return this.#read(EXCHANGE);
  }

  turn(): void {
    const { limit, other } = this.#limit;
    this.#knob.value = this.#knob.value === limit ? other : limit;
  }
}
