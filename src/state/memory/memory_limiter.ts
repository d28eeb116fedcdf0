/** Limits counted in this isolate's own memory. @module */

import type { Clock } from "../../core/clock.ts";
import { gridTime, type Rule, type Verdict } from "../../core/limit.ts";
import type { Limiter, LimiterInit } from "../../core/store.ts";
import { GrowingTable } from "../table/growing_table.ts";
import { hashSecret } from "../table/key_hash.ts";
import { KeyHashes } from "../table/key_hashes.ts";
import { TableDecision } from "../table/table_decision.ts";

/** Exact, and never waits. Of a key a hash is kept and the numbers of its algorithm: 16 to 32 bytes a place. */
export class MemoryLimiter implements Limiter {
  readonly #clock: Clock;
  readonly #tables: readonly GrowingTable[];
  readonly #decision: TableDecision;
  readonly #hashes: KeyHashes;

  constructor({ algorithms, maxKeys }: LimiterInit, clock: Clock) {
    this.#clock = clock;
    this.#tables = algorithms.map(({ size }) => new GrowingTable(maxKeys, size));
    this.#decision = new TableDecision(algorithms, this.#tables);
    this.#hashes = new KeyHashes(algorithms.length, hashSecret());
  }

  /** Bytes that the counts take now. */
  get bytes(): number {
    return this.#tables.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  take(keys: readonly string[], rules: readonly Rule[], cost: number): Verdict[] {
    return this.#decision.take(this.#hashes.of(keys), rules, cost, gridTime(this.#clock.now()));
  }

  charge(keys: readonly string[], rules: readonly Rule[], amount: number): void {
    this.#decision.charge(this.#hashes.of(keys), rules, amount, gridTime(this.#clock.now()));
  }
}
