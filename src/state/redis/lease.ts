/** Units of one limit that were taken in advance. @module */

import type { Rule, Verdict } from "../../core/limit.ts";
import type { MaybePromise } from "../../core/handler.ts";
import type { Decision } from "./limit_calls.ts";

/** What a lease asks of the world. */
export interface LeaseParts {
  /** Units that it holds at most. */
  readonly tokens: number;
  /** Microseconds, from any beginning. */
  now(): number;
  /** Charges the first of the amounts that is not refused. */
  fetch(amounts: readonly number[], rule: Rule): Promise<Decision>;
  /** Gives back what it cannot hold. */
  giveBack(tokens: number): void;
  /** It was filled. */
  onFilled(): void;
}

interface Waiter {
  readonly cost: number;
  readonly rule: Rule;
  resolve(verdict: Verdict): void;
  reject(error: unknown): void;
}

/**
 * What is here has been charged already. Where it does not do, as much is fetched as makes it full, or, where the limit
 * has not so much left, half of it, and so on, down to exactly what is missing. Requests that come meanwhile wait for
 * the same answer, in their order; a refusal is one for all of them that cost as much or more.
 */
export class Lease {
  readonly #parts: LeaseParts;
  readonly #waiting: Waiter[] = [];
  #tokens = 0;
  /** The limit's own, from when it was asked last; and when it will be as good as untouched. */
  #remaining = 0;
  #resetAt = 0;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  /** Units that are here. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Whether an answer is awaited. */
  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  /** @param cost at most what it can hold */
  take(cost: number, rule: Rule): MaybePromise<Verdict> {
    if (!this.busy && this.#tokens >= cost) return this.#spend(cost);
    const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
    this.#waiting.push({ cost, rule, resolve, reject });
    if (this.#waiting.length === 1) void this.#serve();
    return promise;
  }

  /** Takes back what was not used after all. @returns the verdict without it */
  takeBack(cost: number): Verdict {
    this.#tokens += cost;
    if (!this.busy) this.#trim();
    return this.#verdict();
  }

  /** Empties it. @returns what it had */
  drain(): number {
    const tokens = this.#tokens;
    this.#tokens = 0;
    return tokens;
  }

  async #serve(): Promise<void> {
    const waiting = this.#waiting;
    while (waiting.length > 0) {
      const { cost, rule, resolve } = waiting[0];
      if (this.#tokens >= cost) {
        waiting.shift();
        resolve(this.#spend(cost));
        continue;
      }
      try {
        const { tokens } = this.#parts;
        const decision = await this.#parts.fetch(halves(tokens - this.#tokens, cost - this.#tokens), rule);
        if (decision.charged > 0) this.#fill(decision);
        else this.#refuse(cost, decision.verdicts[0]);
      } catch (error) {
        for (const { reject } of waiting.splice(0)) reject(error);
      }
    }
    this.#trim();
  }

  /** While some wait, more can come together than it may hold. */
  #trim(): void {
    const { tokens, giveBack } = this.#parts, excess = this.#tokens - tokens;
    if (excess <= 0) return;
    this.#tokens = tokens;
    this.#remaining += excess;
    giveBack(excess);
  }

  #fill({ charged, verdicts: [{ remaining, resetAfter }] }: Decision): void {
    this.#tokens += charged;
    this.#remaining = remaining;
    this.#resetAt = this.#parts.now() + resetAfter;
    this.#parts.onFilled();
  }

  #refuse(cost: number, verdict: Verdict): void {
    const refused = { ...verdict, remaining: verdict.remaining + this.#tokens };
    for (const waiter of this.#waiting.splice(0)) {
      if (waiter.cost >= cost) waiter.resolve(refused);
      else this.#waiting.push(waiter);
    }
  }

  #spend(cost: number): Verdict {
    this.#tokens -= cost;
    return this.#verdict();
  }

  #verdict(): Verdict {
    return {
      admitted: true,
      remaining: this.#remaining + this.#tokens,
      resetAfter: Math.max(0, this.#resetAt - this.#parts.now()),
      retryAfter: 0,
      delay: 0,
    };
  }
}

/** From `most` down to `least`: so the end of a limit is had in a few scripts, and not one for each unit. */
function halves(most: number, least: number): number[] {
  const amounts: number[] = [];
  for (let amount = most; amount > least; amount = Math.floor(amount / 2)) amounts.push(amount);
  return [...amounts, least];
}
