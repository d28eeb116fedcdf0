/** Chance that can be had again. @module */

/** Marsaglia's xorshift128 (2003): quick, and the same numbers for the same seed on every machine. */
export class Xorshift {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param index which of the many streams of this seed; each input has its own, so that it can be made alone */
  constructor(seed: number, index = 0) {
    // splitmix32 spreads neighbouring seeds apart.
    let state = Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);
    const spread = () => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    [this.#a, this.#b, this.#c, this.#d] = [spread(), spread(), spread(), spread() | 1];
  }

  /** A whole number from 0 to 2³² - 1. */
  next(): number {
    const t = this.#d ^ (this.#d << 11);
    [this.#d, this.#c, this.#b] = [this.#c, this.#b, this.#a];
    this.#a = this.#a ^ (this.#a >>> 19) ^ t ^ (t >>> 8);
    return this.#a >>> 0;
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    return Math.floor(this.next() / 2 ** 32 * limit);
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** Between `least` and `most` results of `make`, in a list. */
  times<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }
}
