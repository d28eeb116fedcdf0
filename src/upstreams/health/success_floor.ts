/** Which rates of success are too low. @module */

/** Endpoints that do equally well stay equal, whatever adding up their rates rounds. */
const ROUNDING = 1e-9;

/**
 * The rate of success below which an endpoint stands out: the mean of all less some standard deviations (of the
 * population). Among n endpoints none can be more than √(n − 1) deviations below the mean.
 * @param rates from 0 to 1; at least one
 */
export function successFloor(rates: readonly number[], deviations: number): number {
  const mean = average(rates);
  const variance = average(rates.map((rate) => (rate - mean) ** 2));
  return mean - deviations * Math.sqrt(variance) - ROUNDING;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
