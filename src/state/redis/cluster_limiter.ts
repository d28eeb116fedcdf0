/** Limits counted in a cluster, where a script sees one node. @module */

import type { Rule, Verdict } from "../../core/limit.ts";
import type { Limiter } from "../../core/store.ts";
import type { Decision, LimitCalls, Place } from "./limit_calls.ts";
import type { LimitKeys } from "./limit_keys.ts";
import { placesOf } from "./redis_limiter.ts";

/**
 * Limits that count by the same text are decided together; those of different texts in their order, and what earlier ones
 * were charged is given back where a later one refuses. Until then they count a request that does not pass, so that they
 * may refuse another: as many as are under way, and no more. They never admit too much.
 */
export class ClusterLimiter implements Limiter {
  readonly #calls: LimitCalls;
  readonly #keys: LimitKeys;

  constructor(calls: LimitCalls, keys: LimitKeys) {
    this.#calls = calls;
    this.#keys = keys;
  }

  async take(keys: readonly string[], rules: readonly Rule[], cost: number): Promise<Verdict[]> {
    const groups = this.#groups(keys, rules), done: Decision[] = [];
    let refused = false;
    try {
      for (const group of groups) {
        done.push(await (refused ? this.#calls.ask(group, cost) : this.#calls.take(group, cost)));
        refused ||= done.at(-1)!.verdicts.some(({ admitted }) => !admitted);
      }
    } catch (error) {
      await this.#giveBack(groups, done).catch(() => {});
      throw error;
    }
    if (refused) await this.#giveBack(groups, done);
    const verdicts: Verdict[] = [];
    groups.forEach((group, i) => group.forEach(({ index }, j) => verdicts[index] = done[i].verdicts[j]));
    return verdicts;
  }

  async charge(keys: readonly string[], rules: readonly Rule[], amount: number): Promise<void> {
    await Promise.all(this.#groups(keys, rules).map((group) => this.#calls.charge(group, amount)));
  }

  /** Gives back what groups were charged, and has them tell again what they have left. */
  async #giveBack(groups: readonly Place[][], done: Decision[]): Promise<void> {
    await Promise.all(done.map(async ({ charged }, i) => {
      if (charged === 0) return;
      const given = this.#calls.charge(groups[i], -charged);
      // It goes the same way, behind the other.
      [done[i]] = await Promise.all([this.#calls.ask(groups[i], 0), given]);
    }));
  }

  #groups(texts: readonly string[], rules: readonly Rule[]): Place[][] {
    const places = placesOf(this.#keys.of(texts), rules);
    return [...Map.groupBy(places, ({ index }) => texts[index]).values()];
  }
}
