/** A table of numbers by hashed key that grows. @module */

import type { Hash64 } from "./key_hash.ts";
import { KeyTable } from "./key_table.ts";
import { powerOfTwo } from "./power_of_two.ts";

/** Keys in a part, where all are remembered: to grow by one part takes well under a millisecond. */
const KEYS_PER_PART = 4096;
/** Places that a part begins with. A power of two. */
const FIRST_PLACES = 16;
/** Window of a part that may still grow: it does so while keys are found quickly, at about half of its places taken. */
const WINDOW_TO_GROW = 16;
/** Places that a part may have at least: enough that keys which are spread unevenly find theirs. A power of two. */
const LEAST_MOST_PLACES = 256;

/**
 * Remembers at least `maxKeys` keys, in parts that grow by themselves. It takes memory as keys come, 8 bytes and 8 a number
 * for each place, of which there are at most four for each key and mostly two; it does not give it back, but uses places
 * again whose keys may be forgotten. When it is full, keys are forgotten as {@link KeyTable} says.
 */
export class GrowingTable {
  readonly #parts: (KeyTable | undefined)[];
  readonly #size: number;
  readonly #mostPlaces: number;
  /** What is found or claimed stands in these numbers. */
  numbers: Float64Array = new Float64Array(0);

  constructor(maxKeys: number, size: number) {
    const parts = powerOfTwo(maxKeys / KEYS_PER_PART);
    this.#parts = Array.from({ length: parts }, () => undefined);
    this.#size = size;
    this.#mostPlaces = Math.max(LEAST_MOST_PLACES, powerOfTwo(2 * maxKeys / parts));
  }

  /** Where the key's numbers begin in {@link numbers}; where it is not known, what {@link claim} is to be given. */
  find(hash: Hash64, now: number): number {
    const index = hash.high & (this.#parts.length - 1), part = this.#parts[index] ??= this.#part(FIRST_PLACES);
    this.numbers = part.numbers;
    return part.find(hash, now);
  }

  /** Makes a key known that {@link find} has just not found. @returns where its numbers begin */
  claim(hash: Hash64, found: number, now: number): number {
    const index = hash.high & (this.#parts.length - 1);
    let part = this.#parts[index]!, place = ~found;
    for (let places = 2 * part.places; part.isTaken(place, now) && places <= this.#mostPlaces; places *= 2) {
      const larger = this.#part(places);
      if (!part.copyInto(larger, now)) continue;
      part = this.#parts[index] = larger;
      place = ~part.find(hash, now);
    }
    part.claim(place, hash);
    this.numbers = part.numbers;
    return place;
  }

  /** Bytes that it takes now. */
  get bytes(): number {
    let bytes = 0;
    for (const part of this.#parts) bytes += part === undefined ? 0 : KeyTable.bytes(part.places, this.#size);
    return bytes;
  }

  #part(places: number): KeyTable {
    const memory = new ArrayBuffer(KeyTable.bytes(places, this.#size));
    return new KeyTable(memory, 0, places, this.#size, places < this.#mostPlaces ? WINDOW_TO_GROW : undefined);
  }
}
