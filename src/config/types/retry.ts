/** Repeating requests, as it is written. @module */

import type { Duration, Size } from "../../core/units.ts";
import type { OutcomeMatch } from "../../upstreams/outcome_set.ts";

/**
 * When and how often a request is tried again, at another endpoint if there is one. What was never sent is repeated for
 * every method; what may have reached an endpoint only if the method is idempotent (RFC 9110 §9.2.2) or the request has
 * an `Idempotency-Key`. When a retry is refused, the upstream's own answer goes to the client.
 */
export interface Retry {
  /**
   * Tries, the first included, from 1 to 10.
   *
   * @default 2
   */
  readonly attempts?: number;
  /**
   * What is tried again: a failure by its kind, or a status from 400 to 599; `"5xx"` is every one from 500. A status that
   * is listed makes the client wait for what may be the same answer again.
   *
   * @default ["connect-error", "reset", "timeout", "protocol-error", 502, 503, 504]
   */
  readonly on?: readonly OutcomeMatch[];
  /**
   * Pause before a try: a random time up to `base`, which doubles with each try up to `max`. A duration is the `base`. A
   * `Retry-After` of the upstream makes it longer.
   *
   * @default { base: "25ms", max: "250ms" }
   */
  readonly backoff?: Duration | RetryBackoff;
  /**
   * Most retries at once, those in their pause included, so that retries cannot drown an upstream that is in trouble;
   * `false`: no limit.
   *
   * @default { ratio: 0.2, floor: 3 }
   */
  readonly budget?: false | RetryBudget;
  /**
   * Most bytes of a request's body, up to `"16MiB"`, that are kept to be sent again; a longer body is sent once. Each
   * request under way may hold as much memory.
   *
   * @default "64KiB"
   */
  readonly buffer?: Size;
  /**
   * Repeats requests of every method. A POST that reached an endpoint before its answer was lost is then done twice: only
   * for origins that recognise repeats.
   *
   * @default only what is safe is repeated
   */
  readonly unsafe?: "may-duplicate";
}

/** Pauses between tries. */
export interface RetryBackoff {
  /**
   * Most of the first pause.
   *
   * @default "25ms", or `max` where that is less
   */
  readonly base?: Duration;
  /**
   * Most of any pause; not below `base`.
   *
   * @default ten times `base`
   */
  readonly max?: Duration;
}

/** Most retries at once. */
export interface RetryBudget {
  /**
   * Share of the upstream's requests under way, from 0 to 1.
   *
   * @default 0.2
   */
  readonly ratio?: number;
  /**
   * Retries that there may be however few requests there are.
   *
   * @default 3
   */
  readonly floor?: number;
}

/**
 * A second request, to another endpoint, while the first takes long; the answer that comes first counts and the other
 * request is cancelled. Idempotent methods only. It is work done twice: of every request slower than `after`.
 */
export interface Hedge {
  /** How long the first may take: a time, or a percentile of the route's latencies from `"p50"` to `"p99.9"`. */
  readonly after: Duration | `p${number}`;
  /**
   * Most requests beside the first, from 1 to 3.
   *
   * @default 1
   */
  readonly max?: number;
}
