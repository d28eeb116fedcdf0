/** Whether counts are what chance makes of shares. @module */

import { strict as assert } from "node:assert";

/** The standard normal distribution's 99.9 % point. */
const Z = 3.09;

/**
 * Pearson's test at 0.1 %: with a fixed seed it passes always or never. The limit is the Wilson–Hilferty approximation.
 * @param shares in any unit
 */
export function assertShares(counts: readonly number[], shares: readonly number[]): void {
  const picks = counts.reduce((sum, count) => sum + count, 0), whole = shares.reduce((sum, share) => sum + share, 0);
  const expected = shares.map((share) => share / whole * picks);
  const statistic = counts.reduce((sum, count, i) => sum + (count - expected[i]) ** 2 / expected[i], 0);
  const freedom = counts.length - 1, part = 2 / (9 * freedom);
  const limit = freedom * (1 - part + Z * Math.sqrt(part)) ** 3;
  assert.ok(
    statistic <= limit,
    `χ² is ${statistic.toFixed(1)}, more than ${limit.toFixed(1)}: ${counts} where ${
      expected.map(Math.round)
    } were due`,
  );
}
