/** SIEVE: a first-in-first-out line with a hand that spares what was used. @module */

import type { Evictable, Eviction } from "../../src/policies/cache/memory/eviction.ts";
import { Line } from "../../src/policies/cache/memory/line.ts";

/**
 * SIEVE (Zhang et al., NSDI '24). The hand goes from the oldest to the newest; what was used since it last came by stays
 * where it is, and what was not goes.
 */
export class Sieve<T extends Evictable> implements Eviction<T> {
  readonly #line = new Line<T>(1);
  #hand: T | null = null;

  touched(entry: T): void {
    entry.uses = 1;
  }

  added(entry: T): void {
    this.#line.join(entry);
  }

  replaced(old: T, fresh: T): void {
    fresh.uses = 1;
    if (this.#hand === old) this.#hand = fresh;
    this.#line.swap(old, fresh);
  }

  resized(entry: T, bytes: number): void {
    this.#line.resize(entry, bytes);
  }

  removed(entry: T): void {
    if (this.#hand === entry) this.#hand = this.#line.after(entry);
    this.#line.leave(entry);
  }

  victim(): T | undefined {
    let entry = this.#hand ?? this.#line.oldest;
    while (entry !== null && entry.uses > 0) {
      entry.uses = 0;
      entry = this.#line.after(entry) ?? this.#line.oldest;
    }
    if (entry === null) return undefined;
    this.#hand = this.#line.after(entry);
    this.#line.leave(entry);
    return entry;
  }

  clear(): void {
    this.#line.clear();
    this.#hand = null;
  }
}
