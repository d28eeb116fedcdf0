/** The latencies of a while. @module */

/** A buffer of fixed size; where more come than it holds, the latest count. */
export class LatencyWindow {
  readonly #samples: Float64Array;
  #added = 0;

  constructor(size: number) {
    this.#samples = new Float64Array(size);
  }

  /** Samples since the last {@link clear}. */
  get count(): number {
    return this.#added;
  }

  add(ms: number): void {
    this.#samples[this.#added++ % this.#samples.length] = ms;
  }

  clear(): void {
    this.#added = 0;
  }

  /**
   * The latency that this share of the samples does not exceed: from 0 to 1, by nearest rank. There is at least one.
   *
   * @param slower how many more there are that are slower than all of these; where they reach down to the rank: `Infinity`
   */
  percentile(share: number, slower = 0): number {
    const sorted = this.#samples.slice(0, Math.min(this.#added, this.#samples.length)).sort();
    const rank = Math.max(1, Math.ceil(share * (sorted.length + slower)));
    return rank > sorted.length ? Infinity : sorted[rank - 1];
  }
}
