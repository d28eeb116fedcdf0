/** Limits counted in memory that threads share. @module */

import type { Clock } from "../../core/clock.ts";
import type { Algorithm, Rule, Verdict } from "../../core/limit.ts";
import type { Limiter } from "../../core/store.ts";
import { type Hash64, hashSecret } from "../table/key_hash.ts";
import { KeyHashes } from "../table/key_hashes.ts";
import { TableDecision } from "../table/table_decision.ts";
import { type CountsRegion, TIME_STEP } from "./counts_region.ts";
import { SharedTime } from "./shared_time.ts";
import { type Patience, StripeLocks } from "./stripe_locks.ts";
import { StripedTable, stripeOf } from "./striped_table.ts";

/**
 * Exact across threads: a decision is made under the locks of the stripes that its keys are in. They are held for less
 * than a microsecond, as long as no holder is kept from running.
 */
export class SharedLimiter implements Limiter {
  readonly #locks: StripeLocks;
  readonly #times: Float64Array;
  readonly #stripeCount: number;
  readonly #time: SharedTime;
  readonly #hashes: KeyHashes;
  readonly #decision: TableDecision;
  /** The stripes of the decision that is being made, in ascending order, each once; as many as {@link #count}. */
  readonly #stripes: number[];
  #count = 0;

  /** @param holder this thread's number, in its locks */
  constructor(
    region: CountsRegion,
    algorithms: readonly Algorithm[],
    clock: Clock,
    holder: number,
    patience?: Patience,
  ) {
    this.#locks = new StripeLocks(region.words, region.locksAt, region.stripes, holder, patience);
    this.#times = region.times;
    this.#stripeCount = region.stripes;
    this.#time = new SharedTime(clock, region.epoch(clock.wall()));
    this.#hashes = new KeyHashes(algorithms.length, region.secret(hashSecret()));
    this.#decision = new TableDecision(algorithms, algorithms.map((_, limit) => new StripedTable(region, limit)));
    this.#stripes = algorithms.map(() => 0);
  }

  take(keys: readonly string[], rules: readonly Rule[], cost: number): Verdict[] {
    const hashes = this.#hashes.of(keys);
    this.#lock(hashes);
    try {
      return this.#decision.take(hashes, rules, cost, this.#now());
    } finally {
      this.#unlock();
    }
  }

  charge(keys: readonly string[], rules: readonly Rule[], amount: number): void {
    const hashes = this.#hashes.of(keys);
    this.#lock(hashes);
    try {
      this.#decision.charge(hashes, rules, amount, this.#now());
    } finally {
      this.#unlock();
    }
  }

  releaseLocksOf(holder: number): void {
    this.#locks.releaseLocksOf(holder);
  }

  #lock(hashes: readonly Hash64[]): void {
    this.#count = 0;
    for (let i = 0; i < hashes.length; i++) this.#add(stripeOf(hashes[i], this.#stripeCount));
    for (let i = 0; i < this.#count; i++) this.#locks.lock(this.#stripes[i]);
  }

  #unlock(): void {
    for (let i = 0; i < this.#count; i++) this.#locks.unlock(this.#stripes[i]);
  }

  /** Puts a stripe where it belongs among the others. */
  #add(stripe: number): void {
    const stripes = this.#stripes;
    let at = this.#count;
    while (at > 0 && stripes[at - 1] > stripe) at--;
    if (at > 0 && stripes[at - 1] === stripe) return;
    for (let i = this.#count; i > at; i--) stripes[i] = stripes[i - 1];
    stripes[at] = stripe;
    this.#count++;
  }

  /** The time, which goes back in none of the stripes. */
  #now(): number {
    const times = this.#times, stripes = this.#stripes;
    let latest = 0;
    for (let i = 0; i < this.#count; i++) latest = Math.max(latest, times[stripes[i] * TIME_STEP]);
    const now = this.#time.now(latest);
    for (let i = 0; i < this.#count; i++) times[stripes[i] * TIME_STEP] = now;
    return now;
  }
}
