/** A percentile of recent latencies, for hedging. @module */

/** Buckets grow by the eighth root of two, so that a value is known to within 9 %; 2¹⁷ ms is above every time limit. */
const PER_DOUBLING = 8, BUCKETS = 17 * PER_DOUBLING;
/** Latencies after which what was counted before counts half. */
const HALF_LIFE = 1_000;
/** Latencies that are needed before anything can be said. */
const ENOUGH = 20;
/** Latencies after which the percentile is worked out anew. */
const STALE = 20;

/** Counts latencies in buckets of growing width, and forgets. */
export class LatencyPercentile {
  readonly #share: number;
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;
  #since = 0;
  #stale = 0;
  #value: number | null = null;

  /** @param percentile from 0 to 100 */
  constructor(percentile: number) {
    this.#share = percentile / 100;
  }

  /** Milliseconds, rounded up to a bucket; `null` while too little is known. */
  get value(): number | null {
    if (this.#total < ENOUGH) return null;
    if (this.#value === null || this.#stale >= STALE) this.#work();
    return this.#value;
  }

  add(latency: number): void {
    this.#counts[Math.min(BUCKETS - 1, Math.floor(Math.log2(latency + 1) * PER_DOUBLING))]++;
    this.#total++;
    this.#stale++;
    if (++this.#since < HALF_LIFE) return;
    this.#since = 0;
    this.#total /= 2;
    for (let i = 0; i < BUCKETS; i++) this.#counts[i] /= 2;
  }

  #work(): void {
    this.#stale = 0;
    let left = this.#share * this.#total, bucket = 0;
    for (; bucket < BUCKETS - 1 && (left -= this.#counts[bucket]) > 0; bucket++);
    this.#value = 2 ** ((bucket + 1) / PER_DOUBLING) - 1;
  }
}
