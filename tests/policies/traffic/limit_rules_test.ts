import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import type { KnobRange } from "../../../src/core/build_env.ts";
import { slidingWindow } from "../../../src/policies/traffic/algorithms/sliding_window.ts";
import { rateLimit, type RateLimitOptions } from "../../../src/policies/traffic/rate_limit.ts";
import { rateLimitSchema } from "../../../src/policies/traffic/rate_limit_schema.ts";
import { makeEnv } from "../../support/exchange.ts";
import { type AnyLimits, LimitBed } from "./rate_limit_bed.ts";

const ONE = { limit: 10, per: "1s" } as const;
const LINE = { ...ONE, algorithm: "leaky-bucket", maxDelay: "100ms" } as const;
const TIERS = { by: "header:x-plan", is: { free: 200, pro: 1000 }, otherwise: 300 } as const;

interface TestKnob {
  readonly id: string;
  value: number;
  readonly range: KnobRange;
}

/** A policy whose knobs a test turns. */
function turnable(options: AnyLimits): { readonly bed: LimitBed; readonly knobs: readonly TestKnob[] } {
  const knobs: TestKnob[] = [];
  const knob = (id: string, value: number, range: KnobRange) => {
    const made = { id, value, range };
    knobs.push(made);
    return made;
  };
  return { bed: new LimitBed(options, { ...makeEnv(), knob }), knobs };
}

Deno.test("rateLimit() has a knob for each limit, named by where it stands", () => {
  const cases: [AnyLimits, Record<string, number>][] = [
    [ONE, { "limit": 10 }],
    [{ limits: [ONE] }, { "limit": 10 }],
    [{ limits: [ONE, { limit: 7, per: "1h" }] }, { "limits[0]": 10, "limits[1]": 7 }],
    [{ limit: TIERS, per: "1s" }, { "limit/is/free": 200, "limit/is/pro": 1000, "limit/otherwise": 300 }],
    [{ limits: [ONE, { limit: TIERS, per: "1s" }] }, {
      "limits[0]": 10,
      "limits[1]/is/free": 200,
      "limits[1]/is/pro": 1000,
      "limits[1]/otherwise": 300,
    }],
  ];
  for (const [options, expected] of cases) {
    const knobs = turnable(options).knobs.map(({ id, value }) => [id, value]);
    const named = Object.entries(expected).map(([id, value]) => [`route/rateLimit/${id}`, value]);
    assert.deepEqual(Object.fromEntries(knobs), Object.fromEntries(named));
    assert.equal(knobs.length, named.length);
  }
});

Deno.test("rateLimit() lets a limit be turned a hundredfold both ways, and not below what a request costs", () => {
  const cases: [AnyLimits, min: number, max: number][] = [
    [{ limit: 1000, per: "1m" }, 10, 100_000],
    [{ limit: 1000, per: "1m", cost: 50 }, 50, 100_000],
    [{ limit: 1000, per: "1m", cost: 5 }, 10, 100_000],
    [{ limit: 1000, per: "1m", cost: () => 50 }, 10, 100_000],
    [{ limit: 50, per: "1m" }, 1, 5000],
    [{ limit: 10, per: "1m", burst: 40, cost: 40 }, 10, 1000],
  ];
  for (const [options, min, max] of cases) {
    assert.deepEqual(turnable(options).knobs.map(({ range }) => range), [{ min, max }], JSON.stringify(options));
  }
});

Deno.test("rateLimit() turns a burst with its limit, and a limit to whole numbers", () => {
  const cases: [AnyLimits, value: number, q: number, atOnce: number][] = [
    [{ limit: 10, per: "1h", burst: 20 }, 5, 5, 10],
    [{ limit: 10, per: "1h", burst: 20 }, 30, 30, 60],
    [{ limit: 10, per: "1h", burst: 20 }, 4.9, 4, 8],
    [{ limit: 10, per: "1h" }, 4.9, 4, 4],
    [{ limit: 10, per: "1h", algorithm: "sliding-window" }, 4.9, 4, 4],
    [{ limit: 10, per: "1h", algorithm: "fixed-window" }, 4.9, 4, 4],
    [{ limit: 10, per: "1h" }, 0.5, 1, 1],
    [{ limit: 100, per: "1h", burst: 1 }, 1, 1, 1],
  ];
  for (const [options, value, q, atOnce] of cases) {
    const { bed, knobs: [knob] } = turnable(options), what = `${JSON.stringify(options)} at ${value}`;
    knob.value = value;
    const { reply } = bed.ask();
    assert.match(reply.header("ratelimit-policy")!, new RegExp(`;q=${q};w=3600$`), what);
    const statuses = [reply.status, ...bed.statuses(atOnce)];
    assert.deepEqual(statuses, statuses.map((_, i) => i < atOnce ? 200 : 429), what);
  }
});

Deno.test("rateLimit() turns each tier by itself, and back", () => {
  const { bed, knobs } = turnable({ limit: TIERS, per: "1h" });
  const quota = (plan: string) =>
    Number(/q=(\d+)/.exec(bed.ask({ headers: [["x-plan", plan]] }).reply.header("ratelimit-policy")!)![1]);
  const pro = knobs.find(({ id }) => id.endsWith("/pro"))!, quotas = () => ["free", "pro", "gold"].map(quota);
  pro.value = 2000;
  assert.deepEqual(quotas(), [200, 2000, 300]);
  pro.value = 1000;
  assert.deepEqual(quotas(), [200, 1000, 300]);
});

Deno.test("rateLimit() counts an entry of limits by its own key, else by the policy's, else by address", () => {
  const keys = (options: unknown) => rateLimitSchema.parse(options).limits.map(({ key }) => key);
  const limits = [{ ...ONE, key: "route" }, ONE];
  assert.deepEqual(keys({ key: "global", limits }), [["route"], ["global"]]);
  assert.deepEqual(keys({ limits }), [["route"], ["ip"]]);
});

Deno.test("rateLimit() tells limits apart, also from names that were given", () => {
  const cases: [given: string[], names: string[]][] = [
    [["a-2", "a", "a"], ["a-2", "a", "a-3"]],
    [["a", "a", "a"], ["a", "a-2", "a-3"]],
    [["a", "a", "a-2"], ["a", "a-2", "a-2-2"]],
  ];
  for (const [given, names] of cases) {
    const { limits } = rateLimitSchema.parse({ limits: given.map((name) => ({ ...ONE, name })) });
    assert.deepEqual(limits.map(({ name }) => name), names);
  }
});

Deno.test("rateLimit() refuses limits that could not work, where they stand", () => {
  const cases: [at: string, options: unknown, message: RegExp, remedy?: string][] = [
    [
      ".limits[2].algorithm",
      { limits: [LINE, ONE, LINE] },
      /limits\[0\] holds requests already/,
      '"token-bucket", or a policy of its own',
    ],
    ['.exempt["ip/24/64"]', { ...ONE, exempt: { "ip/24/64": ["10.0.0.0"] } }, /among the values/, '"ip"'],
    [".cost", { ...LINE, cost: 3 }, /no more than 2 ever fit/, "a cost of at most 2, or a longer maxDelay"],
    [".cost", { limits: [ONE, LINE], cost: 3 }, /no more than 2 ever fit/],
    [".cost", { limit: { by: "ip", is: { a: 9, b: 2 } }, per: "1s", cost: 3 }, /no more than 2 ever fit/],
  ];
  for (const [at, options, message, remedy] of cases) {
    const policies = [rateLimit(options as RateLimitOptions)], what = JSON.stringify(options);
    const { issues } = validateConfig({ routes: [{ path: "/a", respond: {}, policies }] });
    assert.deepEqual(issues.map(({ path }) => path), [`routes[0].policies[0]${at}`], what);
    assert.match(issues[0].message, message, what);
    if (remedy !== undefined) assert.equal(issues[0].remedy, remedy, what);
  }
  assert.ok(rateLimitSchema.safeParse({ ...LINE, cost: 2 }).success);
  assert.ok(rateLimitSchema.safeParse({ limits: [ONE, LINE] }).success);
});

Deno.test("rateLimit() takes an algorithm that keeps 1 to 16 numbers, and nothing else for one", () => {
  const fits = (change: object) =>
    rateLimitSchema.safeParse({ ...ONE, algorithm: { ...slidingWindow, ...change } }).success;
  for (const size of [1, 3, 16]) assert.ok(fits({ size }), String(size));
  for (const size of [0, -1, 1.5, 17, 1e9, NaN, Infinity, "3"]) assert.ok(!fits({ size }), String(size));
  for (const change of [{ name: 7 }, { take: undefined }, { charge: null }, { lua: 7 }]) assert.ok(!fits(change));
});
