/** Retries and hedging as the plan has them. @module */

import type { OutcomeMatch } from "../outcome_set.ts";

/** Times in milliseconds. */
export interface RetryPlan {
  /** Tries, the first included. */
  readonly attempts: number;
  readonly on: readonly OutcomeMatch[];
  /** Before try n + 1: a random time up to `base` × 2ⁿ⁻¹, and up to `max`. */
  readonly backoff: { readonly base: number; readonly max: number };
  /** Retries at once: `floor`, or this share of the upstream's requests under way; `null`: no limit. */
  readonly budget: { readonly ratio: number; readonly floor: number } | null;
  /** Bytes of a request's body that are kept to be sent again; a longer one is sent once. */
  readonly buffer: number;
  /** Whether requests that are not idempotent are repeated too. */
  readonly unsafe: boolean;
}

/** Milliseconds that a retry may wait for a place in the budget. */
export const BUDGET_WAIT = 1_000;

/** A second request when the first takes long. */
export interface HedgePlan {
  /** Milliseconds, or the percentile (0–100) of the route's latencies. */
  readonly after: number | { readonly percentile: number };
  /** Most requests beside the first. */
  readonly max: number;
}

/** What an upstream has that says nothing of it. */
export const DEFAULT_RETRY: RetryPlan = Object.freeze({
  attempts: 2,
  on: Object.freeze(["connect-error", "reset", "timeout", "protocol-error", 502, 503, 504] as const),
  backoff: Object.freeze({ base: 25, max: 250 }),
  budget: Object.freeze({ ratio: 0.2, floor: 3 }),
  buffer: 64 * 1024,
  unsafe: false,
});
