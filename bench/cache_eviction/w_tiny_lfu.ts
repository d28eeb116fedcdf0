/** W-TinyLFU. For comparison. @module */

import type { Evictable, Eviction } from "../../src/policies/cache/memory/eviction.ts";
import { Line } from "../../src/policies/cache/memory/line.ts";
import { Sketch } from "./sketch.ts";

/**
 * W-TinyLFU (Einziger et al., TOS '17) as Caffeine has it, with a window that does not change: what leaves the window
 * takes the place of the oldest of the main part only where it is asked for more often.
 */
export class WTinyLfu<T extends Evictable> implements Eviction<T> {
  readonly #window = new Line<T>(1);
  readonly #probation = new Line<T>(2);
  readonly #protected = new Line<T>(3);
  /** Those that have left the window and for which there is no room yet. */
  readonly #candidates = new Line<T>(4);
  readonly #lines = [this.#window, this.#probation, this.#protected, this.#candidates];
  readonly #sketch: Sketch;
  readonly #capacity: number;
  readonly #share: number;

  /** @param capacity in bytes @param entries how many there are about when it is full @param share of the window */
  constructor(capacity: number, entries: number, share = 0.01) {
    this.#sketch = new Sketch(entries);
    this.#capacity = capacity;
    this.#share = share;
  }

  touched(entry: T): void {
    this.#sketch.add(entry.print);
    const line = this.#lineOf(entry);
    line.leave(entry);
    if (line === this.#window || line === this.#candidates) return line.join(entry);
    this.#protected.join(entry);
    const main = this.#probation.bytes + this.#protected.bytes;
    while (this.#protected.bytes > 0.8 * main) {
      const oldest = this.#protected.oldest!;
      this.#protected.leave(oldest);
      this.#probation.join(oldest);
    }
  }

  added(entry: T): void {
    this.#sketch.add(entry.print);
    this.#window.join(entry);
    while (this.#window.bytes > this.#share * this.#capacity && this.#window.length > 1) {
      const oldest = this.#window.oldest!;
      this.#window.leave(oldest);
      const main = this.#probation.bytes + this.#protected.bytes;
      (main + this.#window.bytes + oldest.bytes <= this.#capacity ? this.#probation : this.#candidates).join(oldest);
    }
  }

  replaced(old: T, fresh: T): void {
    this.#lineOf(old).swap(old, fresh);
    this.touched(fresh);
  }

  resized(entry: T, bytes: number): void {
    this.#lineOf(entry).resize(entry, bytes);
  }

  removed(entry: T): void {
    this.#lineOf(entry).leave(entry);
  }

  victim(): T | undefined {
    const candidate = this.#candidates.oldest, rival = this.#probation.oldest ?? this.#protected.oldest;
    if (candidate !== null) {
      this.#candidates.leave(candidate);
      if (rival === null || this.#sketch.of(candidate.print) <= this.#sketch.of(rival.print)) return candidate;
      this.#lineOf(rival).leave(rival);
      // Where it is larger than the one that went, others follow.
      this.#probation.join(candidate);
      return rival;
    }
    const line = this.#probation.length > 0
      ? this.#probation
      : this.#protected.length > 0
      ? this.#protected
      : this.#window;
    const entry = line.oldest;
    if (entry === null) return undefined;
    line.leave(entry);
    return entry;
  }

  clear(): void {
    for (const line of this.#lines) line.clear();
  }

  #lineOf(entry: T): Line<T> {
    return this.#lines.find((line) => line.has(entry))!;
  }
}
