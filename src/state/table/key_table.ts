/** A table of numbers by hashed key, of a fixed size. @module */

import type { Hash64 } from "./key_hash.ts";

/**
 * Places from a key's own on that it may stand in: where half of all places are taken, one key in a hundred million finds
 * none.
 */
const WINDOW = 64;

/**
 * Open addressing with linear probing over a bounded window. A key's first number is the time up to which it must be
 * remembered; from then on its place is free for others. Nothing is ever moved or taken out, so that looking a key up is a
 * run over neighbouring words, and the memory can be shared between threads that lock it.
 *
 * Where a window is full of keys that must be remembered, the one is forgotten that has used least: the one whose further
 * numbers sum to least, and of those the one whose time comes first. Whoever floods the table with fresh keys so has
 * their like forgotten, which have used as little. To have a key forgotten that has spent a limit of L, all other places
 * of its window must be taken by keys that have spent about L as well; and as nobody can aim at a window, that takes
 * about as many such keys as the table has places, with L requests each that were admitted, to win L. Where a key's
 * only number is its time, it also is forgotten for fresh ones when it has regained all but one request.
 */
export class KeyTable {
  /** Of each place a hash, in two words, and `size` numbers. These are the numbers … */
  readonly numbers: Float64Array;
  /** … and these the words of the same bytes. */
  readonly #words: Int32Array;
  readonly #size: number;
  readonly #mask: number;
  readonly #window: number;

  /**
   * @param memory zeros, or what another table over the same bytes has left there
   * @param places a power of two
   * @param size numbers a key
   * @param window places from a key's own on that it may stand in: a short one is quick to look through
   */
  constructor(memory: ArrayBufferLike, offset: number, places: number, size: number, window = WINDOW) {
    this.numbers = new Float64Array(memory, offset, places * (1 + size));
    this.#words = new Int32Array(memory, offset, 2 * places * (1 + size));
    this.#size = size;
    this.#mask = places - 1;
    this.#window = Math.min(window, places);
  }

  /** Bytes that a table takes. A multiple of 8. */
  static bytes(places: number, size: number): number {
    return places * (8 + 8 * size);
  }

  get places(): number {
    return this.#mask + 1;
  }

  /**
   * Where the key's numbers begin in {@link numbers}. Where it is not known: the complement (`~`) of where they could, which
   * is a free place, or else the place of the key in the window that has used least.
   */
  find({ high, low }: Hash64, now: number): number {
    const words = this.#words, numbers = this.numbers, stride = 1 + this.#size, mask = this.#mask;
    // 0 and 0 is a place that never had a key.
    const own = (high | low) === 0 ? 1 : low, last = own + this.#window;
    let free = -1;
    for (let step = own; step < last; step++) {
      const at = (step & mask) * stride, word = words[2 * at];
      if (word === own && words[2 * at + 1] === high) return at + 1;
      if (numbers[at + 1] > now) continue;
      if (free === -1) free = at + 1;
      if (word === 0 && words[2 * at + 1] === 0) break;
    }
    return ~(free === -1 ? this.#leastUsed(own) : free);
  }

  /** Whether the key that has this place must still be remembered. */
  isTaken(place: number, now: number): boolean {
    return this.numbers[place] > now;
  }

  /** Gives a place to a key: a new one, whose numbers are the caller's to write. */
  claim(place: number, { high, low }: Hash64): void {
    const words = this.#words;
    // A thread may end between two writes: what it leaves behind is a place that is free.
    this.numbers[place] = 0;
    words[2 * place - 2] = (high | low) === 0 ? 1 : low;
    words[2 * place - 1] = high;
  }

  /** Puts every key that must still be remembered into `other`. @returns whether it had place for all */
  copyInto(other: KeyTable, now: number): boolean {
    const words = this.#words, numbers = this.numbers, hash = { high: 0, low: 0 }, stride = 1 + this.#size;
    for (let from = 1; from < numbers.length; from += stride) {
      if (numbers[from] <= now) continue;
      hash.low = words[2 * from - 2];
      hash.high = words[2 * from - 1];
      const to = ~other.find(hash, now);
      if (other.isTaken(to, now)) return false;
      other.claim(to, hash);
      for (let i = 0; i < this.#size; i++) other.numbers[to + i] = numbers[from + i];
    }
    return true;
  }

  #leastUsed(own: number): number {
    const numbers = this.numbers, size = this.#size, mask = this.#mask, last = own + this.#window;
    let least = -1, leastUsed = Infinity, leastTime = Infinity;
    for (let step = own; step < last; step++) {
      const place = (step & mask) * (1 + size) + 1, time = numbers[place];
      let used = 0;
      for (let i = 1; i < size; i++) used += numbers[place + i];
      if (used > leastUsed || (used === leastUsed && time >= leastTime)) continue;
      least = place;
      leastUsed = used;
      leastTime = time;
    }
    return least;
  }
}
