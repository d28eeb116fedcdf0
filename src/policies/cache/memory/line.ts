/** A line of entries from the oldest to the newest. @module */

import type { Evictable } from "./eviction.ts";

/** A doubly linked list through the entries themselves: joining and leaving cost a few writes. */
export class Line<T extends Evictable> {
  readonly #number: number;
  #oldest: T | null = null;
  #newest: T | null = null;
  #length = 0;
  #bytes = 0;

  /** @param number what `Evictable.line` says of those in it; not 0 */
  constructor(number: number) {
    this.#number = number;
  }

  get oldest(): T | null {
    return this.#oldest;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it stands in this line. */
  has(entry: T): boolean {
    return entry.line === this.#number;
  }

  /** The one that joined after it. */
  after(entry: T): T | null {
    return entry.newer as T | null;
  }

  join(entry: T): void {
    entry.line = this.#number;
    entry.older = this.#newest;
    if (this.#newest === null) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
    this.#length++;
    this.#bytes += entry.bytes;
  }

  leave(entry: T): void {
    const { older, newer } = entry;
    if (older === null) this.#oldest = newer as T | null;
    else older.newer = newer;
    if (newer === null) this.#newest = older as T | null;
    else newer.older = older;
    entry.line = 0;
    entry.older = entry.newer = null;
    this.#length--;
    this.#bytes -= entry.bytes;
  }

  /** Those in it are left as they are. */
  clear(): void {
    this.#oldest = this.#newest = null;
    this.#length = this.#bytes = 0;
  }

  /** Puts `fresh` where `old` stands. */
  swap(old: T, fresh: T): void {
    const { older, newer } = old;
    fresh.line = this.#number;
    fresh.older = older;
    fresh.newer = newer;
    if (older === null) this.#oldest = fresh;
    else older.newer = fresh;
    if (newer === null) this.#newest = fresh;
    else newer.older = fresh;
    old.line = 0;
    old.older = old.newer = null;
    this.#bytes += fresh.bytes - old.bytes;
  }

  resize(entry: T, bytes: number): void {
    this.#bytes += bytes - entry.bytes;
    entry.bytes = bytes;
  }
}
