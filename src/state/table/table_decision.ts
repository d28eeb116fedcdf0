/** One decision over several limits whose counts stand in tables. @module */

import type { Algorithm, Rule, Verdict } from "../../core/limit.ts";
import type { Hash64 } from "./key_hash.ts";

/** The counts of one limit. */
export interface Counts {
  /** What is found or claimed stands in these numbers. */
  readonly numbers: Float64Array;
  /** Where the key's numbers begin in {@link numbers}; negative where it is not known. */
  find(hash: Hash64, now: number): number;
  /** Makes a key known that {@link find}, which said `found`, has just not found. @returns where its numbers begin */
  claim(hash: Hash64, found: number, now: number): number;
}

/** Decides under several limits together: all of them are charged, or none. Who only asks leaves no trace. */
export class TableDecision {
  readonly #limits: readonly Limit[];

  constructor(algorithms: readonly Algorithm[], counts: readonly Counts[]) {
    this.#limits = algorithms.map((algorithm, i) => new Limit(algorithm, counts[i]));
  }

  take(hashes: readonly Hash64[], rules: readonly Rule[], cost: number, now: number): Verdict[] {
    const limits = this.#limits, verdicts: Verdict[] = [];
    let all = true;
    for (let i = 0; i < limits.length; i++) {
      const verdict = limits[i].take(hashes[i], now, cost, rules[i]);
      verdicts.push(verdict);
      if (!verdict.admitted) all = false;
    }
    if (cost === 0) return verdicts;
    for (let i = 0; i < limits.length; i++) {
      if (all) limits[i].keep(hashes[i], now);
      else if (verdicts[i].admitted) verdicts[i] = limits[i].take(hashes[i], now, 0, rules[i]);
    }
    return verdicts;
  }

  charge(hashes: readonly Hash64[], rules: readonly Rule[], amount: number, now: number): void {
    for (let i = 0; i < this.#limits.length; i++) this.#limits[i].charge(hashes[i], now, amount, rules[i]);
  }
}

/** One limit, and what its key's numbers would be: they become true when all limits admit. */
class Limit {
  readonly #algorithm: Algorithm;
  readonly #counts: Counts;
  readonly #draft: Float64Array;
  #found = 0;

  constructor(algorithm: Algorithm, counts: Counts) {
    this.#algorithm = algorithm;
    this.#counts = counts;
    this.#draft = new Float64Array(algorithm.size);
  }

  take(hash: Hash64, now: number, cost: number, rule: Rule): Verdict {
    this.#read(hash, now);
    return this.#algorithm.take(this.#draft, now, cost, rule);
  }

  charge(hash: Hash64, now: number, amount: number, rule: Rule): void {
    this.#read(hash, now);
    this.#algorithm.charge(this.#draft, now, amount, rule);
    this.keep(hash, now);
  }

  keep(hash: Hash64, now: number): void {
    const counts = this.#counts, draft = this.#draft;
    const place = this.#found < 0 ? counts.claim(hash, this.#found, now) : this.#found;
    const { numbers } = counts;
    // The first number last: should the thread end on the way, a place that was just claimed is free.
    for (let n = draft.length - 1; n >= 0; n--) numbers[place + n] = draft[n];
  }

  #read(hash: Hash64, now: number): void {
    const draft = this.#draft, found = this.#found = this.#counts.find(hash, now), { numbers } = this.#counts;
    for (let n = 0; n < draft.length; n++) draft[n] = found < 0 ? 0 : numbers[found + n];
  }
}
