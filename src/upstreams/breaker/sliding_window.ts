/** Counts of the outcomes of the last while. @module */

/** Parts that a window is divided in. An outcome is forgotten with its part, so up to this share of the window too late. */
export const BUCKETS = 100;
/** The part that fills, besides those that are whole: an outcome never counts for less than the window. */
const SLOTS = BUCKETS + 1;

/**
 * A window that slides over time: a ring of buckets by time, and their sums. Adding is O(1), there is no timer, and nothing
 * is kept of a single outcome. Each one counts for at least `span` and for less than `span × (1 + 1 / BUCKETS)`.
 */
export class SlidingWindow {
  readonly #width: number;
  readonly #counts = new Uint32Array(SLOTS);
  readonly #failed = new Uint32Array(SLOTS);
  /** Number of the bucket that fills, from the clock's start; its slot, and when the next one begins. */
  #bucket = 0;
  #slot = 0;
  #next = 0;
  #total = 0;
  #failures = 0;

  /** @param span milliseconds */
  constructor(span: number) {
    this.#width = span / BUCKETS;
  }

  /** Outcomes within the window, as it was when the last one was added. */
  get total(): number {
    return this.#total;
  }

  /** Those of them that were failures. */
  get failures(): number {
    return this.#failures;
  }

  /** @param now milliseconds of a clock that never goes back */
  add(now: number, failed: boolean): void {
    if (now >= this.#next) this.#slide(now);
    this.#counts[this.#slot]++;
    this.#total++;
    if (!failed) return;
    this.#failed[this.#slot]++;
    this.#failures++;
  }

  /** Forgets everything. */
  clear(): void {
    this.#counts.fill(0);
    this.#failed.fill(0);
    this.#total = this.#failures = 0;
  }

  #slide(now: number): void {
    const bucket = Math.floor(now / this.#width), passed = bucket - this.#bucket;
    this.#bucket = bucket;
    this.#next = (bucket + 1) * this.#width;
    if (passed >= SLOTS) return this.clear();
    for (let i = 0; i < passed; i++) {
      this.#slot = (this.#slot + 1) % SLOTS;
      this.#total -= this.#counts[this.#slot];
      this.#failures -= this.#failed[this.#slot];
      this.#counts[this.#slot] = this.#failed[this.#slot] = 0;
    }
  }
}
