/**
 * What became of the requests of one load.
 *
 * @module
 */

/** One load's figures. Rates are per second, latencies in milliseconds. */
export interface Tally {
  readonly offered: number;
  /** Answered with 200 within the clients' patience. */
  readonly good: number;
  /** Answered with 429 or 503. */
  readonly refused: number;
  /** Not answered within the clients' patience. */
  readonly late: number;
  /** Everything else. */
  readonly failed: number;
  /** Of the good ones, from the moment in which the request was due; `null` where there are none. */
  readonly p50: number | null;
  readonly p99: number | null;
  /** Of the refused ones. */
  readonly refusedP99: number | null;
}
