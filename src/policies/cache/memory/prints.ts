/** What was there not long ago. @module */

import type { ShelfPlace } from "./shelf_entry.ts";

/** A number of a place by which it is known again; seldom, two have the same. */
export function printOf({ key, variant, selecting }: ShelfPlace): number {
  return hashOn(selecting, hashOn(variant, hashOn(key, 0x811c9dc5)));
}

/** FNV-1a over code units, and one bit more for where the text ends. 32 bits with a sign: V8 keeps those without an object. */
function hashOn(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ 0x10000, 0x01000193) | 0;
}

/** Prints of the last that have gone: between half of as many as it is told and all of them. */
export class Prints {
  #young = new Set<number>();
  #old = new Set<number>();

  /** @param most how many are remembered from now on */
  add(print: number, most: number): void {
    this.#young.add(print);
    if (this.#young.size * 2 < most) return;
    this.#old = this.#young;
    this.#young = new Set();
  }

  /** Whether it was there; it is no longer. */
  take(print: number): boolean {
    return this.#young.delete(print) || this.#old.delete(print);
  }
}
