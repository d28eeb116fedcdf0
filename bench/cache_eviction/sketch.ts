/** How often something was asked for, about. @module */

/** Counts by print in little memory (count-min with conservative update, 4 rows, halved at times so that it forgets). */
export class Sketch {
  readonly #counts: Uint8Array;
  readonly #mask: number;
  readonly #period: number;
  #added = 0;

  constructor(entries: number, period = 10) {
    const width = 2 ** Math.ceil(Math.log2(Math.max(64, entries)));
    this.#mask = width - 1;
    this.#counts = new Uint8Array(4 * width);
    this.#period = period * entries;
  }

  of(print: number): number {
    let least = 15;
    for (let row = 0; row < 4; row++) least = Math.min(least, this.#counts[this.#at(print, row)]);
    return least;
  }

  add(print: number, times = 1): void {
    const least = this.of(print), most = Math.min(15, least + times);
    if (least < 15) {
      for (let row = 0; row < 4; row++) {
        const at = this.#at(print, row);
        if (this.#counts[at] < most) this.#counts[at] = most;
      }
    }
    this.#added += times;
    if (this.#added < this.#period) return;
    this.#added >>= 1;
    const counts = this.#counts;
    for (let i = 0; i < counts.length; i++) counts[i] >>= 1;
  }

  #at(print: number, row: number): number {
    let h = Math.imul(print ^ SEEDS[row], 0x9e3779b1);
    h ^= h >>> 15;
    h = Math.imul(h, 0x85ebca6b);
    h ^= h >>> 13;
    return (h & this.#mask) + row * (this.#mask + 1);
  }
}

const SEEDS = [0x1b873593, 0x52dce729, 0x38495ab5, 0x6c62272e];
