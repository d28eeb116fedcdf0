/** The pause before another try. @module */

import type { Random } from "../../core/random.ts";
import type { RetryPlan } from "./retry_plan.ts";

/**
 * A random time up to `base` × 2ⁿ⁻¹, and up to `max`, in milliseconds: full jitter, which spreads clients best (Brooker,
 * "Exponential Backoff And Jitter", 2015).
 *
 * @param retries tries that have failed, at least 1
 */
export function backoffDelay({ base, max }: RetryPlan["backoff"], retries: number, random: Random): number {
  return random() * Math.min(max, base * 2 ** (retries - 1));
}
