import { strict as assert } from "node:assert";
import { metricsOf } from "./deployed.ts";

const CASES: readonly [expression: string, names: string[]][] = [
  ["up", ["up"]],
  ['sum by (route) (rate(a_total{route=~"$route", b!="c_total"}[5m])) / sum(rate(b_total[$__rate_interval]))', [
    "a_total",
    "b_total",
  ]],
  ["histogram_quantile(0.99, sum by (le) (rate(a_seconds_bucket[5m]))) > 1.5e3", ["a_seconds_bucket"]],
  ["a:b:rate5m > (14.4 * 0.001) and on (job) c offset 5m", ["a:b:rate5m", "c"]],
  ["sum(a) by (x) unless ignoring (y) group_left (z) d == bool 1", ["a", "d"]],
];

for (const [expression, names] of CASES) {
  Deno.test(`metricsOf() finds ${names.join(", ")} in ${expression}`, () => {
    assert.deepEqual(metricsOf(expression), names);
  });
}
