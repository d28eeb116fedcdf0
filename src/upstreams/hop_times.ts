/** How long a hop may take at worst, by its settings alone. Milliseconds. @module */

import { BUDGET_WAIT, type RetryPlan } from "./retry/retry_plan.ts";
import type { HopPlan, InFlightPlan } from "./upstream_plan.ts";

/** Tries, the first included. */
export function triesOf(retry: RetryPlan | null): number {
  return retry?.attempts ?? 1;
}

/** The pauses between all tries, each as long as chance can make it. */
export function largestBackoffs(retry: RetryPlan | null): number {
  if (retry === null) return 0;
  const { attempts, backoff: { base, max } } = retry;
  let sum = 0;
  for (let pause = 0; pause < attempts - 1; pause++) sum += Math.min(base * 2 ** pause, max);
  return sum;
}

/** What the wait for an answer depends on beside the route's own settings. */
export interface HopWaits {
  /** Whether connections begin with a TLS handshake. */
  readonly https: boolean;
  /** Longest wait for a place among the requests under way; 0 where nothing limits them. */
  readonly queue: number;
}

/**
 * Until the head of an answer, or a failure, is there: tries as long as they may be, the largest pauses between them, the
 * waits for a place in the retry budget and in the queue; never more than `timeouts.total`. A `Retry-After` that an upstream sends may make a pause longer.
 */
export function longestWait(
  { timeouts, retry }: Pick<HopPlan, "timeouts" | "retry">,
  { https, queue }: HopWaits,
): number {
  const { connect, tls, head, attempt, total } = timeouts;
  const tries = triesOf(retry) * (attempt ?? connect + (https ? tls : 0) + head);
  const places = retry === null || retry.budget === null ? 0 : (triesOf(retry) - 1) * BUDGET_WAIT;
  return Math.min(tries + places + largestBackoffs(retry) + queue, total ?? Infinity);
}

/** How long a request may wait for a place. @param limits those of the single endpoints, `null` where one has none */
export function longestQueue(
  { total, perEndpoint, queue, queueTimeout }: InFlightPlan,
  limits: readonly (number | null)[],
): number {
  const limited = total !== null || perEndpoint !== null || limits.some((limit) => limit !== null);
  return limited && queue > 0 ? queueTimeout : 0;
}
