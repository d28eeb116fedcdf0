/** S3-FIFO: who has to go when a cache is full. @module */

import type { Evictable, Eviction } from "./eviction.ts";
import { Line } from "./line.ts";
import { Prints } from "./prints.ts";

/** Share of all bytes that newcomers may take before they are the first to go: the paper's. */
const NEWCOMERS = 0.1;
/** Rounds that one use after another saves from going, at most: the paper's. */
const MOST_USES = 3;
/** Entries that are spared before one goes whatever its uses: some 20 µs, where sparing a million takes a blink. */
const MOST_SPARED = 500;

/**
 * S3-FIFO (Yang et al., SOSP '23). Newcomers stand in a line of their own. Those that were not used until they are at its
 * end go, so that what is asked for once costs the others nothing; those that were join the main line, as do those that
 * come back soon after they have gone. At the end of the main line, each use is worth another round.
 *
 * Other than in the paper, one use is enough for the main line, not two: in the simulation of `bench/cache_eviction/` that
 * was as good or better for every trace, most of all with scans.
 */
export class S3Fifo<T extends Evictable> implements Eviction<T> {
  readonly #newcomers = new Line<T>(1);
  readonly #main = new Line<T>(2);
  readonly #gone = new Prints();
  readonly #enough: number;

  /** @param enough uses that bring a newcomer into the main line */
  constructor(enough = 1) {
    this.#enough = enough;
  }

  touched(entry: T): void {
    if (entry.uses < MOST_USES) entry.uses++;
  }

  added(entry: T): void {
    const line = this.#gone.take(entry.print) ? this.#main : this.#newcomers;
    line.join(entry);
  }

  replaced(old: T, fresh: T): void {
    fresh.uses = old.uses;
    this.touched(fresh);
    this.#lineOf(old).swap(old, fresh);
  }

  resized(entry: T, bytes: number): void {
    this.#lineOf(entry).resize(entry, bytes);
  }

  removed(entry: T): void {
    this.#lineOf(entry).leave(entry);
  }

  victim(): T | undefined {
    for (let spared = 0;; spared++) {
      const fromNewcomers = this.#newcomers.bytes > NEWCOMERS * (this.#newcomers.bytes + this.#main.bytes);
      const line = fromNewcomers || this.#main.oldest === null ? this.#newcomers : this.#main;
      const entry = line.oldest;
      if (entry === null) return undefined;
      line.leave(entry);
      if (entry.uses < (line === this.#newcomers ? this.#enough : 1) || spared === MOST_SPARED) {
        if (line === this.#newcomers) this.#gone.add(entry.print, this.#main.length);
        return entry;
      }
      entry.uses = line === this.#newcomers ? 0 : entry.uses - 1;
      this.#main.join(entry);
    }
  }

  clear(): void {
    this.#newcomers.clear();
    this.#main.clear();
  }

  #lineOf(entry: T): Line<T> {
    return this.#newcomers.has(entry) ? this.#newcomers : this.#main;
  }
}
