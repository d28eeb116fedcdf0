/** A retry on its way: it needs a place in the budget, and its time. @module */

import type { Cancel, Clock } from "../../core/clock.ts";
import { BUDGET_WAIT } from "./retry_plan.ts";
import type { BudgetPlan, BudgetWaiter, RetryBudget } from "./retry_budget.ts";

/** Who is told, once, unless the retry is cancelled. */
export interface RetryEvents {
  /** Now. @param budgeted whether it holds a place in the budget, which is the caller's from here on */
  onDue(budgeted: boolean): void;
  /** There was no place in time. */
  onRefused(): void;
}

/** What a retry waits for. */
export interface RetryTerms {
  /** Milliseconds between having a place and being due. */
  readonly delay: number;
  /** `null`: it needs no place. */
  readonly budget: BudgetPlan | null;
  /** Milliseconds that are left for everything, from the start. */
  readonly left: number;
  /** Whether it is worth waiting for a place: where everything fails, it is not. */
  readonly waits: boolean;
  /** A delay above this is what an endpoint asked for: a place is taken behind it. */
  readonly longest: number;
}

/** Waits for a place, then for its time: so retries that wait their time are counted too. */
export class PendingRetry implements BudgetWaiter {
  readonly budget: BudgetPlan;
  readonly #terms: RetryTerms;
  readonly #places: RetryBudget;
  readonly #clock: Clock;
  readonly #events: RetryEvents;
  #budgeted = false;
  #delay = 0;
  #timer: Cancel | null = null;

  constructor(terms: RetryTerms, places: RetryBudget, clock: Clock, events: RetryEvents) {
    this.#terms = terms;
    this.#places = places;
    this.#clock = clock;
    this.#events = events;
    this.budget = terms.budget ?? NO_LIMIT;
  }

  start(): void {
    const { delay, budget, longest } = this.#terms;
    if (budget === null) return this.#pause(delay);
    if (delay <= longest) return this.#take(budget, delay);
    this.#timer = this.#clock.after(delay, () => this.#take(budget, 0));
  }

  /** @param delay milliseconds that are still to pass */
  #take(budget: BudgetPlan, delay: number): void {
    const { left, waits } = this.#terms, wait = left - this.#terms.delay;
    this.#delay = delay;
    if (this.#places.take(budget)) return this.granted();
    if (!waits) return this.#events.onRefused();
    this.#places.wait(this);
    // A place that comes later would be of no use: the retry would be due when everything is over.
    this.#timer = this.#clock.after(Math.min(BUDGET_WAIT, wait), () => {
      this.#places.leave(this);
      this.#events.onRefused();
    });
  }

  granted(): void {
    this.#budgeted = true;
    this.#timer?.();
    this.#pause(this.#delay);
  }

  /** Nobody wants it any more. Once it was due, or refused, this does nothing. */
  cancel(): void {
    this.#timer?.();
    this.#places.leave(this);
    if (this.#handOver()) this.#places.give();
  }

  #pause(delay: number): void {
    if (delay === 0) this.#events.onDue(this.#handOver());
    else this.#timer = this.#clock.after(delay, () => this.#events.onDue(this.#handOver()));
  }

  /** @returns whether there is a place, which is not this one's any more */
  #handOver(): boolean {
    const budgeted = this.#budgeted;
    this.#budgeted = false;
    return budgeted;
  }
}

const NO_LIMIT: BudgetPlan = Object.freeze({ ratio: 1, floor: Infinity });
