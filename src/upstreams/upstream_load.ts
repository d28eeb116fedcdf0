/** What an upstream has to do; kept as long as it has its name. @module */

import { RetryBudget } from "./retry/retry_budget.ts";

/** Somebody who waits for a place. */
export interface Waiter {
  /** Whether only some of the endpoints will do, as for a retry: nobody else is kept waiting for them. @default false */
  readonly choosy?: boolean;
  /** Looks again whether there is a place, and leaves the line if there is. @returns false when there is none still */
  proceed(): boolean;
}

/** Counters of one upstream, and the line before it. */
export class UpstreamLoad {
  /** Requests under way: admitted, and their answers' bodies not over. */
  active = 0;
  readonly budget = new RetryBudget(() => this.active);
  /** Repeats and hedges so far. */
  repeats = 0;
  /** Repeats that were not sent for want of a place in the budget. */
  refusedRepeats = 0;
  /** Goes up whenever an endpoint may have become eligible, or ceased to be. */
  version = 0;
  readonly #waiting = new Set<Waiter>();
  #looking = false;
  #lookAgain = false;

  /** Requests that wait for a place. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether somebody waits who would take any place: who comes now is behind him. */
  get hasLine(): boolean {
    if (this.#waiting.size === 0) return false;
    for (const { choosy } of this.#waiting) if (choosy !== true) return true;
    return false;
  }

  /** Something about an endpoint has changed. */
  touch(): void {
    this.version++;
    this.admit();
  }

  wait(waiter: Waiter): void {
    this.#waiting.add(waiter);
  }

  /** Whether it was waiting. */
  leave(waiter: Waiter): boolean {
    return this.#waiting.delete(waiter);
  }

  /** A place may be free: lets in who waits, in order. */
  admit(): void {
    if (this.#waiting.size === 0) return;
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#lookAgain) {
        this.#lookAgain = false;
        this.#look();
      }
    } finally {
      this.#looking = false;
    }
  }

  #look(): void {
    let full = false;
    for (const waiter of this.#waiting) {
      const choosy = waiter.choosy === true;
      // Where one found no place at all, those behind find none either.
      if (!(full && !choosy) && !waiter.proceed() && !choosy) full = true;
    }
  }
}
