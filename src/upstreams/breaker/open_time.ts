/** How long a circuit breaker stays open. @module */

import type { Random } from "../../core/random.ts";
import type { BreakerPlan } from "./breaker_plan.ts";

/** Times in milliseconds. */
export type OpenTimePlan = Pick<BreakerPlan, "openFor" | "maxOpenFor" | "jitter">;

/**
 * `openFor` at first, then twice the last one, up to `maxOpenFor`. Chance adds to each up to `jitter` times itself, also at
 * the cap, so that many breakers that tripped together do not try together; it never shortens.
 */
export class OpenTime {
  readonly #plan: OpenTimePlan;
  readonly #random: Random;
  #next: number;

  constructor(plan: OpenTimePlan, random: Random) {
    this.#plan = plan;
    this.#random = random;
    this.#next = plan.openFor;
  }

  /** The time for a trip that happens now; the next will be longer. */
  take(): number {
    const time = this.#next;
    this.#next = Math.min(2 * time, this.#plan.maxOpenFor);
    return time * (1 + this.#plan.jitter * this.#random());
  }

  /** The next trip is the first again. */
  reset(): void {
    this.#next = this.#plan.openFor;
  }
}
