import { strict as assert } from "node:assert";
import { adaptiveConcurrencySchema } from "../../../src/policies/traffic/adaptive_concurrency_schema.ts";

const REFUSED: readonly (readonly [at: string, options: unknown, message: RegExp, remedy?: string])[] = [
  ["", 7, /expected settings such as \{ min: 3, max: 1000 \}/],
  ["", { limit: 7 }, /limit/],
  ["min", { min: 0 }, /expected a whole number from 1 to 1000000/],
  ["min", { min: "5" }, /expected a whole number from 1 to 1000000/, "5, without quotes"],
  ["min", { min: 20, max: 10 }, /min is above max, which is 10/, "10 or less"],
  ["min", { min: 2_000 }, /min is above max, which is 1000/, "1000 or less"],
  ["max", { max: 1.5 }, /expected a whole number from 1 to 1000000/],
  ["window", { window: 100 }, /expected a duration/, '"100ms"'],
  ["window", { window: "1ms" }, /at least 10ms/, '"10ms"'],
  ["window", { window: "2m" }, /at most 1m/, '"1m"'],
  ["percentile", { percentile: 50 }, /expected a number from 0.01 to 0.99/],
  ["percentile", { percentile: 0 }, /expected a number from 0.01 to 0.99/],
  ["buffer", { buffer: -0.1 }, /expected a number from 0 to 10/],
  ["buffer", { buffer: "25%" }, /expected a number from 0 to 10/],
  ["probe", { probe: "30s" }, /expected settings such as \{ every: "30s" \}/],
  ["probe", { probe: { after: "30s" } }, /after/],
  ["probe.every", { probe: { every: "0.5s" } }, /at least 1s/, '"1s"'],
  ["probe.jitter", { probe: { jitter: 2 } }, /expected a number from 0 to 1/],
  ["probe.requests", { probe: { requests: 9 } }, /expected a whole number from 10 to 10000/],
];

Deno.test("adaptiveConcurrency() options: what check refuses, where, and what to write instead", () => {
  for (const [at, options, message, remedy] of REFUSED) {
    const { error } = adaptiveConcurrencySchema.safeParse(options), what = JSON.stringify(options);
    assert.ok(error, what);
    assert.equal(error.issues.length, 1, JSON.stringify(error.issues));
    const [issue] = error.issues;
    assert.equal(issue.path.join("."), at, what);
    assert.match(issue.message, message, what);
    assert.equal(issue.code === "custom" ? issue.params?.remedy : undefined, remedy, what);
  }
});

Deno.test("adaptiveConcurrency() options: every wrong one is reported at once", () => {
  const { error } = adaptiveConcurrencySchema.safeParse({
    min: 0,
    max: 0,
    window: 1,
    percentile: 1,
    buffer: -1,
    probe: { every: 1, jitter: -1, requests: 1 },
  });
  assert.deepEqual(error?.issues.map(({ path }) => path.join(".")), [
    "min",
    "max",
    "window",
    "percentile",
    "buffer",
    "probe.every",
    "probe.jitter",
    "probe.requests",
  ]);
});

Deno.test("adaptiveConcurrency() options: what check lets through, and the defaults", () => {
  const defaults = {
    min: 3,
    max: 1_000,
    window: 100,
    percentile: 0.5,
    buffer: 0.25,
    probe: { every: 30_000, jitter: 0.1, requests: 50 },
  };
  const cases: [options: unknown, plan: unknown][] = [
    [{}, defaults],
    [{ min: 5, max: 5, window: "1s" }, { ...defaults, min: 5, max: 5, window: 1_000 }],
    [{ percentile: 0.9, buffer: 0, probe: { jitter: 0 } }, {
      ...defaults,
      percentile: 0.9,
      buffer: 0,
      probe: { ...defaults.probe, jitter: 0 },
    }],
  ];
  for (const [options, plan] of cases) assert.deepEqual(adaptiveConcurrencySchema.parse(options), plan);
});
