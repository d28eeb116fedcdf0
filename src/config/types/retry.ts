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
   * Pause before a try: a random time up to `base`, which doubles with each try up to `max`. A duration is the `base`.
   *
   * A `Retry-After` of an answer is heeded where the same endpoint would be asked again: the pause is as long as it says,
   * if that is within `timeouts.total`, or without a total up to `max`; else the answer goes to the client.
   *
   * @default { base: "25ms", max: "250ms" }
   */
  readonly backoff?: Duration | RetryBackoff;
  /**
   * Most retries and hedges at once, those in their pause included, so that they cannot drown an upstream that is in
   * trouble; `false`: no limit. A retry without a place waits for one for up to a second; then the answer that there is
   * goes to the client. What was never sent needs no place.
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
   * Share of the upstream's requests under way, from 0 to 1. Not 0 together with a `floor` of 0.
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
 * request is cancelled. It is work done twice: of every request slower than `after`.
 *
 * Hedged are idempotent requests (RFC 9110 §9.2.2) and those with an `Idempotency-Key`: with a body only if that has come
 * together with the head; no upgrades, and no clients that a sticky cookie leads. A hedge takes a place in `retry.budget`,
 * without which it is not sent, and counts as one of `retry.attempts` unless it could not be sent.
 */
export interface Hedge {
  /**
   * How long the first may take: a time, or a percentile of the route's latencies from `"p50"` to `"p99.9"`. Before 20
   * answers have come there is no percentile, and no hedge.
   */
  readonly after: Duration | `p${number}`;
  /**
   * Most requests beside the first, from 1 to 3.
   *
   * @default 1
   */
  readonly max?: number;
}
