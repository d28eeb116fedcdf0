import { strict as assert } from "node:assert";
import { backoffDelay } from "../../../src/upstreams/retry/backoff.ts";

const ALL = 1 - Number.EPSILON;

for (
  const [base, max, retries, longest] of [
    [25, 250, 1, 25],
    [25, 250, 2, 50],
    [25, 250, 3, 100],
    [25, 250, 4, 200],
    [25, 250, 5, 250],
    [25, 250, 10, 250],
    [100, 100, 1, 100],
    [100, 100, 2, 100],
    [0, 0, 3, 0],
    // Doubled beyond what a number holds.
    [25, 250, 5_000, 250],
  ]
) {
  Deno.test(`after ${retries} tries a backoff of ${base} to ${max} ms is anything up to ${longest} ms`, () => {
    assert.equal(backoffDelay({ base, max }, retries, () => 0), 0);
    assert.equal(backoffDelay({ base, max }, retries, () => 0.5), longest / 2);
    assert.ok(Math.abs(backoffDelay({ base, max }, retries, () => ALL) - longest) < 1e-9);
  });
}
