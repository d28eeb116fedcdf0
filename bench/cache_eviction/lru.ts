/** The least recently used goes first. For comparison. @module */

import type { Evictable, Eviction } from "../../src/policies/cache/memory/eviction.ts";
import { Line } from "../../src/policies/cache/memory/line.ts";

/** LRU: what was used goes to the end of the line. */
export class Lru<T extends Evictable> implements Eviction<T> {
  readonly #line = new Line<T>(1);

  touched(entry: T): void {
    this.#line.leave(entry);
    this.#line.join(entry);
  }

  added(entry: T): void {
    this.#line.join(entry);
  }

  replaced(old: T, fresh: T): void {
    this.#line.leave(old);
    this.#line.join(fresh);
  }

  resized(entry: T, bytes: number): void {
    this.#line.resize(entry, bytes);
  }

  removed(entry: T): void {
    this.#line.leave(entry);
  }

  victim(): T | undefined {
    const entry = this.#line.oldest;
    if (entry === null) return undefined;
    this.#line.leave(entry);
    return entry;
  }

  clear(): void {
    this.#line.clear();
  }
}
