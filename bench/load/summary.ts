/**
 * From the figures of single rounds to those of the report.
 *
 * @module
 */
import type { Measurement } from "./measurement.ts";

/** A median with the extremes that it stands between. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median, least and greatest of `values`; NaN throughout when there are none. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
  return { median, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

/** The median over rounds of one figure. */
export function medianOf(rounds: readonly Measurement[], figure: (one: Measurement) => number): number {
  return spread(rounds.map(figure)).median;
}

/**
 * CPU per request of one proxy against another's, round by round: noise that lasts for minutes meets both and cancels.
 * `rounds` and `against` hold the same rounds in the same order.
 */
export function cpuRatio(rounds: readonly Measurement[], against: readonly Measurement[]): Spread {
  return spread(rounds.map(({ cpuMicros }, round) => cpuMicros / (against[round]?.cpuMicros ?? NaN)));
}
