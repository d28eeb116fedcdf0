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
  /** Longest wait for a place among the requests under way, before each try; 0 where nothing limits them. */
  readonly queue: number;
}

/**
 * From the last byte of the request to the head of an answer, or a failure: tries as long as they may be, with the hedges
 * beside them, the largest pauses, and the waits for places in the retry budget and in the queue; never more than
 * `timeouts.total`. A `Retry-After` that an upstream sends may make a pause longer.
 */
export function longestWait({ timeouts, retry, hedge }: HopPlan, { https, queue }: HopWaits): number {
  const { connect, tls, head, attempt, total } = timeouts, tries = triesOf(retry);
  const alone = attempt ?? connect + (https ? tls : 0) + head;
  // A percentile can be as long as a try: then the next one begins when the first ends.
  const beside = hedge === null
    ? 0
    : hedge.max * Math.min(alone, typeof hedge.after === "number" ? hedge.after : alone);
  const places = retry === null || retry.budget === null ? 0 : (tries - 1) * BUDGET_WAIT;
  return Math.min(tries * (alone + beside + queue) + places + largestBackoffs(retry), total ?? Infinity);
}

/** How long a request may wait for a place. @param limits those of the single endpoints, `null` where one has none */
export function longestQueue(
  { total, perEndpoint, queue, queueTimeout }: InFlightPlan,
  limits: readonly (number | null)[],
): number {
  const limited = total !== null || perEndpoint !== null || limits.some((limit) => limit !== null);
  return limited && queue > 0 ? queueTimeout : 0;
}
