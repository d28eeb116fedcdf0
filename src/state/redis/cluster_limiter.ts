/** Limits counted in a cluster, where a script sees one node. @module */

import type { Rule, Verdict } from "../../core/limit.ts";
import type { Limiter } from "../../core/store.ts";
import type { Decision, LimitCalls, Place } from "./limit_calls.ts";
import type { LimitKeys } from "./limit_keys.ts";
import { placesOf } from "./redis_limiter.ts";

/** Of a limit that did not answer about a request that another one had refused. */
const UNKNOWN: Verdict = { admitted: true, remaining: 0, resetAfter: 0, retryAfter: 0, delay: 0 };

/**
 * Limits that count by the same text are decided together; those of different texts in their order, and what earlier ones
 * were charged is given back where a later one refuses. Until then they count a request that does not pass, so that they
 * may refuse another; and where what is given back had run out meanwhile, they admit another more. In any window both are
 * at most as many as were under way when it began.
 */
export class ClusterLimiter implements Limiter {
  readonly #calls: LimitCalls;
  readonly #keys: LimitKeys;

  constructor(calls: LimitCalls, keys: LimitKeys) {
    this.#calls = calls;
    this.#keys = keys;
  }

  async take(keys: readonly string[], rules: readonly Rule[], cost: number): Promise<Verdict[]> {
    const groups = this.#groups(keys, rules), done: Decision[] = [], deadline = this.#calls.deadline();
    let refused = false;
    for (const group of groups) {
      try {
        done.push(await (refused ? this.#calls.ask(group, cost, deadline) : this.#calls.take(group, [cost], deadline)));
      } catch (error) {
        if (!refused) {
          this.#giveBack(groups, done);
          throw error;
        }
        done.push({ charged: 0, verdicts: group.map(() => UNKNOWN) });
      }
      refused ||= done.at(-1)!.verdicts.some(({ admitted }) => !admitted);
    }
    if (refused) await this.#undo(groups, done, deadline);
    const verdicts: Verdict[] = [];
    groups.forEach((group, i) => group.forEach(({ index }, j) => verdicts[index] = done[i].verdicts[j]));
    return verdicts;
  }

  async charge(keys: readonly string[], rules: readonly Rule[], amount: number): Promise<void> {
    await Promise.all(this.#groups(keys, rules).map((group) => this.#calls.charge(group, amount)));
  }

  /** Gives back what groups were charged. What cannot be given back is lost: that refuses too much, and never too little. */
  #giveBack(groups: readonly Place[][], done: readonly Decision[]): void {
    done.forEach(({ charged }, i) => {
      if (charged > 0) this.#calls.charge(groups[i], -charged).catch(() => {});
    });
  }

  /** Gives back what groups were charged, and has them tell again what they have left. It is a refusal even if they do not. */
  async #undo(groups: readonly Place[][], done: Decision[], deadline: number): Promise<void> {
    this.#giveBack(groups, done);
    await Promise.all(done.map(async ({ charged }, i) => {
      // It goes the same way, behind the other.
      if (charged > 0) done[i] = await this.#calls.ask(groups[i], 0, deadline).catch(() => done[i]);
    }));
  }

  #groups(texts: readonly string[], rules: readonly Rule[]): Place[][] {
    const places = placesOf(this.#keys.of(texts), rules);
    return [...Map.groupBy(places, ({ index }) => texts[index]).values()];
  }
}
