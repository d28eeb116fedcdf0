/** How many repeats an upstream bears. @module */

/** A part of the requests under way, and what is always allowed. */
export interface BudgetPlan {
  readonly ratio: number;
  readonly floor: number;
}

/** Somebody who waits for a place in the budget. */
export interface BudgetWaiter {
  readonly budget: BudgetPlan;
  /** A place has become free, and is taken now. */
  granted(): void;
}

/** Those who wait under the same terms, in order. Others are not kept waiting by them: their routes may be allowed more. */
interface Line {
  readonly budget: BudgetPlan;
  readonly waiters: Set<BudgetWaiter>;
}

/**
 * Caps repeats and hedges at once, those that wait in backoff included. When an upstream fails as a whole, retries then
 * add a known share to its load instead of multiplying it. Whoever finds the budget used up may wait for a moment: where
 * one endpoint of two fails, half of the requests need a second try, one after the other.
 */
export class RetryBudget {
  readonly #active: () => number;
  #lines: readonly Line[] = [];
  #taken = 0;

  /** @param active requests that are under way */
  constructor(active: () => number) {
    this.#active = active;
  }

  /** Repeats at this moment. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes a place. @returns false when there is none, or those who wait need it */
  take(budget: BudgetPlan): boolean {
    // More requests may be under way than when they began to wait.
    this.#admit();
    if (!this.#allows(budget)) return false;
    this.#taken++;
    return true;
  }

  wait(waiter: BudgetWaiter): void {
    const { ratio, floor } = waiter.budget;
    let line = this.#lines.find(({ budget }) => budget.ratio === ratio && budget.floor === floor);
    if (line === undefined) {
      line = { budget: waiter.budget, waiters: new Set() };
      this.#lines = [...this.#lines.filter(({ waiters }) => waiters.size > 0), line];
    }
    line.waiters.add(waiter);
  }

  leave(waiter: BudgetWaiter): void {
    for (const { waiters } of this.#lines) waiters.delete(waiter);
  }

  /** Gives a place back. */
  give(): void {
    this.#taken--;
    this.#admit();
  }

  #admit(): void {
    for (const { budget, waiters } of this.#lines) {
      for (const waiter of waiters) {
        if (!this.#allows(budget)) break;
        waiters.delete(waiter);
        this.#taken++;
        waiter.granted();
      }
    }
  }

  /** Whether there is room for one more. */
  #allows({ ratio, floor }: BudgetPlan): boolean {
    return this.#taken + 1 <= Math.max(floor, ratio * this.#active());
  }
}
