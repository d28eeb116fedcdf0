import { strict as assert } from "node:assert";
import type { BalancePlan } from "../../../src/upstreams/balancers/balance_plan.ts";
import { usesSlowStart, usesWeights } from "../../../src/upstreams/balancers/weight_use.ts";

const rows: readonly (readonly [kind: BalancePlan["kind"], weights: boolean, slowStart: boolean])[] = [
  ["round-robin", true, true],
  ["random", true, true],
  ["least-requests", true, true],
  ["weighted-latency", true, true],
  ["hash", true, false],
  ["custom", true, false],
  ["p2c", false, false],
  ["peak-ewma", false, false],
];

for (const [kind, weights, slowStart] of rows) {
  Deno.test(`${kind} has ${weights ? "a" : "no"} use for weights, and ${slowStart ? "a" : "no"} use for slow start`, () => {
    assert.deepEqual([usesWeights(kind), usesSlowStart(kind)], [weights, slowStart]);
  });
}
