import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type Rule, ruleOf, type Verdict } from "../../../src/core/limit.ts";
import { ClusterLimiter } from "../../../src/state/redis/cluster_limiter.ts";
import type { Decision, LimitCalls, Place } from "../../../src/state/redis/limit_calls.ts";
import type { LimitKeys } from "../../../src/state/redis/limit_keys.ts";
import { MODELLED, type ModelledAlgorithm } from "../limit_models.ts";

type Calls = Pick<LimitCalls, "deadline" | "take" | "ask" | "charge">;

function limiterOn(calls: Calls): ClusterLimiter {
  return new ClusterLimiter(calls as LimitCalls, { of: (texts) => [...texts] } as LimitKeys);
}

function verdict(admitted: boolean): Verdict {
  return { admitted, remaining: 3, resetAfter: 0, retryAfter: admitted ? 0 : 9, delay: 0 };
}

const rule = ruleOf({ limit: 4, per: 1000 });
const fails = () => Promise.reject(new Error("no answer within 50ms"));

Deno.test("a refusal is one even if what was charged for it cannot be given back, nor others be asked", async () => {
  const limiter = limiterOn({
    deadline: () => 0,
    take: ([{ key }]) =>
      Promise.resolve({ charged: key === "b" ? 0 : 1, verdicts: [verdict(key !== "b")] } satisfies Decision),
    ask: fails,
    charge: fails,
  });
  const verdicts = await limiter.take(["a", "b", "c"], [rule, rule, rule], 1);
  assert.deepEqual(verdicts.map(({ admitted }) => admitted), [true, false, true]);
});

Deno.test("where a limit fails, those before it are given back without anyone waiting for it", async () => {
  const given: string[] = [];
  const limiter = limiterOn({
    deadline: () => 7,
    take: ([{ key }], _amounts, deadline) =>
      key === "b" || deadline !== 7 ? fails() : Promise.resolve({ charged: 1, verdicts: [verdict(true)] }),
    ask: fails,
    charge: ([{ key }], amount) => {
      given.push(`${key} ${amount}`);
      return new Promise(() => {});
    },
  });
  await assert.rejects(limiter.take(["a", "b"], [rule, rule], 1), /no answer/);
  assert.deepEqual(given, ["a -1"]);
});

/** What happened to the first limit, in its order. */
interface Charged {
  /** Each request has its own, by which it is known. */
  readonly rule: Rule;
  readonly at: number;
  readonly cost: number;
  readonly order: number;
  givenBack: number;
}

/** Two limits, each on a node of its own, which does what it is told in its order, and when the test says so. */
class SlowNodes implements Calls {
  now = 1e9;
  readonly charged: Charged[] = [];
  readonly #waiting: (() => void)[][] = [[], []];
  readonly #states: Float64Array[];
  #order = 0;

  constructor(readonly algorithm: ModelledAlgorithm["algorithm"], readonly rules: readonly Rule[]) {
    this.#states = rules.map(() => new Float64Array(algorithm.size));
  }

  deadline(): number {
    return 0;
  }

  take([place]: readonly Place[], [cost]: readonly number[]): Promise<Decision> {
    return this.#later(place, () => {
      const verdict = this.algorithm.take(this.#states[place.index], this.now, cost, place.rule);
      if (verdict.admitted && place.index === 0) {
        this.charged.push({ rule: place.rule, at: this.now, cost, order: this.#order++, givenBack: Infinity });
      }
      return { charged: verdict.admitted ? cost : 0, verdicts: [verdict] };
    });
  }

  ask([place]: readonly Place[], cost: number): Promise<Decision> {
    return this.#later(place, () => {
      const state = this.#states[place.index].slice();
      return { charged: 0, verdicts: [this.algorithm.take(state, this.now, cost, place.rule)] };
    });
  }

  async charge([place]: readonly Place[], amount: number): Promise<void> {
    await this.#later(place, () => {
      this.algorithm.charge(this.#states[place.index], this.now, amount, place.rule);
      this.charged.find(({ rule }) => rule === place.rule)!.givenBack = this.#order++;
    });
  }

  /** The node does the next thing. */
  async go(node: number): Promise<boolean> {
    const next = this.#waiting[node].shift();
    next?.();
    for (let i = 0; i < 12; i++) await Promise.resolve();
    return next !== undefined;
  }

  #later<T>({ index }: Place, run: () => T): Promise<T> {
    return new Promise((resolve) => this.#waiting[index].push(() => resolve(run())));
  }
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({ cost: fc.integer({ min: 1, max: 2 }), times: fc.integer({ min: 1, max: 8 }) }),
    },
    { weight: 3, arbitrary: fc.record({ node: fc.nat({ max: 1 }), times: fc.integer({ min: 1, max: 8 }) }) },
    { weight: 1, arbitrary: fc.record({ micros: fc.integer({ min: 0, max: 30_000 }) }) },
  ),
  { maxLength: 60, size: "max" },
);

Deno.test("however late it is given back, a window has at most its bound and what was under way when it began", async () => {
  // The bound of a line is about when requests go on, which is another order.
  for (const { algorithm, bound } of MODELLED.filter(({ algorithm }) => algorithm.name !== "leaky-bucket")) {
    const limits = fc.record({ limit: fc.integer({ min: 1, max: 6 }), per: fc.integer({ min: 5, max: 20 }) });
    await fc.assert(
      fc.asyncProperty(limits, limits, steps, async (first, second, steps) => {
        const rules = [ruleOf(first), ruleOf(second)], nodes = new SlowNodes(algorithm, rules);
        const limiter = limiterOn(nodes), passed: Promise<unknown>[] = [];
        for (const step of steps) {
          if ("micros" in step) nodes.now += step.micros;
          for (let i = 0; "times" in step && i < step.times; i++) {
            if ("cost" in step) passed.push(limiter.take(["a", "b"], rules.map((rule) => ({ ...rule })), step.cost));
            else await nodes.go(step.node);
          }
        }
        while (await nodes.go(0) || await nodes.go(1));
        await Promise.all(passed);
        const kept = nodes.charged.filter(({ givenBack }) => givenBack === Infinity);
        kept.forEach((first, i) => {
          const underWay = nodes.charged.filter(({ order, givenBack }) =>
            order < first.order && givenBack > first.order && givenBack < Infinity
          ).reduce((sum, { cost }) => sum + cost, 0);
          let sum = 0;
          for (const { at, cost } of kept.slice(i)) {
            sum += cost;
            const most = bound(rules[0], at - first.at, cost);
            assert.ok(most === null || sum <= most + underWay, `${algorithm.name}: ${sum}, not ${most} + ${underWay}`);
          }
        });
      }),
      { numRuns: 100 },
    );
  }
});
