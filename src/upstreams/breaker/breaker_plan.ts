/** A circuit breaker as the plan has it. @module */

import type { OutcomeMatch } from "../outcome_set.ts";

/** Times in milliseconds. At least one of the three rules is there; the first that holds trips. */
export interface BreakerPlan {
  /** What it opens for: one endpoint, or the whole upstream. */
  readonly per: "endpoint" | "upstream";
  /** Failures within `window` that trip it; read through a knob. */
  readonly failureThreshold: number | null;
  /** Share of failures within `window` that trips it, once there were `minRequests`. */
  readonly failureRatio: number | null;
  readonly minRequests: number;
  /** Failures in a row that trip it. */
  readonly consecutiveFailures: number | null;
  readonly window: number;
  /** How long it stays open the first time; each trip out of half-open doubles that, up to `maxOpenFor`. */
  readonly openFor: number;
  readonly maxOpenFor: number;
  /** Share of the open time that chance may add. */
  readonly jitter: number;
  /** Requests that are let through at once while it is half-open. */
  readonly halfOpenRequests: number;
  /** Successes that close it. */
  readonly successThreshold: number;
  /** What counts as a failure. */
  readonly failures: readonly OutcomeMatch[];
}
