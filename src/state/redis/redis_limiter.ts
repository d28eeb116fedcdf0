/** Limits counted in Redis, each decision a script. @module */

import type { Rule, Verdict } from "../../core/limit.ts";
import type { Limiter } from "../../core/store.ts";
import type { LimitCalls, Place } from "./limit_calls.ts";
import type { LimitKeys } from "./limit_keys.ts";

/** Exact: one script decides about all limits of the policy. */
export class RedisLimiter implements Limiter {
  readonly #calls: LimitCalls;
  readonly #keys: LimitKeys;

  constructor(calls: LimitCalls, keys: LimitKeys) {
    this.#calls = calls;
    this.#keys = keys;
  }

  async take(keys: readonly string[], rules: readonly Rule[], cost: number): Promise<Verdict[]> {
    const { verdicts } = await this.#calls.take(placesOf(this.#keys.of(keys), rules), [cost]);
    return verdicts;
  }

  charge(keys: readonly string[], rules: readonly Rule[], amount: number): Promise<void> {
    return this.#calls.charge(placesOf(this.#keys.of(keys), rules), amount);
  }
}

/** Limits with the keys that they have in Redis. */
export function placesOf(keys: readonly string[], rules: readonly Rule[]): Place[] {
  return keys.map((key, index) => ({ key, index, rule: rules[index] }));
}
