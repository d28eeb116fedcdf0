/** When a circuit breaker trips. @module */

import type { Knob } from "../../core/build_env.ts";
import type { Clock } from "../../core/clock.ts";
import type { BreakerPlan } from "./breaker_plan.ts";
import { SlidingWindow } from "./sliding_window.ts";

/** The part of a breaker's plan that says when it trips. */
export type TripPlan = Pick<BreakerPlan, "failureRatio" | "minRequests" | "consecutiveFailures" | "window">;

/**
 * The rules of one breaker over what its attempts came to while it was closed. A rule that the plan does not have never
 * holds. The clock is read only where an outcome enters the window.
 */
export class TripRules {
  readonly #clock: Clock;
  readonly #threshold: Knob | null;
  readonly #consecutive: number;
  readonly #minRequests: number;
  readonly #ratio: number | null;
  readonly #window: SlidingWindow | null;
  #inARow = 0;

  /** @param threshold failures within the window that trip; `null`: they are not counted */
  constructor(plan: TripPlan, threshold: Knob | null, clock: Clock) {
    this.#clock = clock;
    this.#threshold = threshold;
    this.#consecutive = plan.consecutiveFailures ?? Infinity;
    this.#minRequests = plan.minRequests;
    this.#ratio = plan.failureRatio;
    this.#window = threshold === null && this.#ratio === null ? null : new SlidingWindow(plan.window);
  }

  /**
   * @param now the clock's time, where the caller has just asked for it
   * @returns whether this failure trips
   */
  failed(now?: number): boolean {
    const window = this.#window;
    if (++this.#inARow >= this.#consecutive) return true;
    if (window === null) return false;
    window.add(now ?? this.#clock.now(), true);
    return (this.#threshold !== null && window.failures >= this.#threshold.value) || this.#ratioHolds(window);
  }

  /**
   * @param now as in {@link failed}
   * @returns whether this success trips: it may be the request that was missing to judge the share of failures
   */
  succeeded(now?: number): boolean {
    const window = this.#window;
    this.#inARow = 0;
    if (window === null || this.#ratio === null) return false;
    window.add(now ?? this.#clock.now(), false);
    return this.#ratioHolds(window);
  }

  /** Starts anew. */
  reset(): void {
    this.#inARow = 0;
    this.#window?.clear();
  }

  /** A quotient, because 0.07 × 100 is above 7: the one of two whole numbers is exactly the share that was written. */
  #ratioHolds({ failures, total }: SlidingWindow): boolean {
    return this.#ratio !== null && total >= this.#minRequests && failures / total >= this.#ratio;
  }
}
