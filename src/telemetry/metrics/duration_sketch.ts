/** Quantiles of durations in little memory. @module */

/** Powers of two from 2^-10 ms (a microsecond) to 2^30 ms (twelve days). */
const LEAST = -10, MOST = 30;
/** Cells of each power of two are 2^4: a quantile is off by 3 % at most. */
const BITS = 4;
const CELLS = (MOST - LEAST) << BITS;
/** What the exponent of 2^LEAST is in a 32-bit float, moved to where cells are counted. */
const FIRST = (127 + LEAST) << BITS;

/** Counts durations in cells that grow with them. The place in a float's bits is its cell: no logarithm is taken. */
export class DurationSketch {
  readonly #cells = new Uint32Array(CELLS);
  readonly #float = new Float32Array(1);
  readonly #bits = new Uint32Array(this.#float.buffer);
  #count = 0;

  /** Counts one. @param ms not negative; what is too short or too long counts as the shortest or longest there is */
  add(ms: number): void {
    this.#float[0] = ms;
    const cell = (this.#bits[0] >>> (23 - BITS)) - FIRST;
    this.#cells[cell < 0 || !(ms > 0) ? 0 : cell < CELLS ? cell : CELLS - 1]++;
    this.#count++;
  }

  /** The duration that this share of them does not exceed, in milliseconds with three digits; `null` where there are none. */
  quantile(share: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let cell = 0;
    for (let seen = this.#cells[0]; seen < rank; seen += this.#cells[cell]) cell++;
    return Number(middleOf(cell).toPrecision(3));
  }

  /** Begins again. */
  clear(): void {
    this.#cells.fill(0);
    this.#count = 0;
  }
}

function middleOf(cell: number): number {
  const power = 2 ** ((cell >> BITS) + LEAST), step = power / (1 << BITS);
  return power + step * ((cell & ((1 << BITS) - 1)) + 0.5);
}
