/** A distribution of durations, or of other amounts, in classic buckets. @module */

/** One observation of a bucket, and the trace in which more of it can be read. */
export interface Exemplar {
  readonly traceId: string;
  readonly value: number;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Counts observations by upper bounds that are fixed at the start. Fields only: threads hand it to each other as it is. */
export class Histogram {
  /** Upper bounds, rising; an observation that equals one is within it. */
  readonly bounds: readonly number[];
  /** Observations of each bucket alone; the last one is beyond all bounds. */
  readonly counts: Float64Array;
  sum = 0;
  /** The latest of each bucket; `null` until there is one. */
  exemplars: (Exemplar | undefined)[] | null = null;

  /** @param bounds rising; seconds, where durations are observed */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** Counts one. What is no amount (negative, or no number) counts as 0. */
  observe(value: number): void {
    this.#count(value >= 0 ? value : 0);
  }

  /** Counts one whose trace will be there to read. @param at seconds since 1970 */
  observeTraced(value: number, traceId: string, at: number): void {
    const bucket = this.#count(value >= 0 ? value : 0);
    (this.exemplars ??= new Array(this.counts.length))[bucket] = { traceId, value, at };
  }

  #count(value: number): number {
    const { bounds } = this;
    // A dozen comparisons cost less than a binary search.
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) bucket++;
    this.counts[bucket]++;
    this.sum += value;
    return bucket;
  }
}

/** How many were observed. */
export function countOf(histogram: Histogram): number {
  let count = 0;
  for (const n of histogram.counts) count += n;
  return count;
}

/** Both as one. Their bounds are the same, or it is the first alone. */
export function merged(one: Histogram, other: Histogram): Histogram {
  const sum = new Histogram(one.bounds);
  const same = other.bounds.length === one.bounds.length && other.bounds.every((bound, i) => bound === one.bounds[i]);
  for (let i = 0; i < sum.counts.length; i++) sum.counts[i] = one.counts[i] + (same ? other.counts[i] : 0);
  sum.sum = one.sum + (same ? other.sum : 0);
  sum.exemplars = one.exemplars ?? (same ? other.exemplars : null);
  return sum;
}
