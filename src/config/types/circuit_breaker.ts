/** A circuit breaker as it is written. @module */

import type { Duration } from "../../core/units.ts";
import type { OutcomeMatch } from "../../upstreams/outcome_set.ts";

/**
 * Stops sending where requests fail: closed until a rule trips it, then open for a while, then half-open for a few trial
 * requests that close it or open it again. The first rule that holds trips. What finds it open goes to another endpoint,
 * or is a 503.
 */
export interface CircuitBreaker {
  /**
   * What it opens for: one endpoint, or the whole upstream.
   *
   * @default "endpoint"
   */
  readonly per?: "endpoint" | "upstream";
  /**
   * Failures within `window` that trip it.
   *
   * @default 5 where neither `failureRatio` nor `consecutiveFailures` is set, else no such rule
   */
  readonly failureThreshold?: number;
  /**
   * Share of failures within `window` that trips it, above 0 and up to 1, once there were `minRequests`.
   *
   * @default no such rule
   */
  readonly failureRatio?: number;
  /**
   * Requests within `window` from which `failureRatio` counts.
   *
   * @default 20
   */
  readonly minRequests?: number;
  /**
   * Failures in a row that trip it.
   *
   * @default no such rule
   */
  readonly consecutiveFailures?: number;
  /**
   * How far back failures are counted, from `"1s"` to `"1h"`.
   *
   * @default "60s"
   */
  readonly window?: Duration;
  /**
   * How long it stays open the first time; each failed trial doubles that.
   *
   * @default "30s"
   */
  readonly openFor?: Duration;
  /**
   * How long it stays open at most; not below `openFor`.
   *
   * @default ten times `openFor`, but not more than "1h"
   */
  readonly maxOpenFor?: Duration;
  /**
   * Share of the open time, from 0 to 1, that chance adds.
   *
   * @default 0.1
   */
  readonly jitter?: number;
  /**
   * Trial requests that are let through at once while it is half-open.
   *
   * @default 1
   */
  readonly halfOpenRequests?: number;
  /**
   * Successful trials that close it.
   *
   * @default 1
   */
  readonly successThreshold?: number;
  /**
   * What counts as a failure: one without an answer by its kind, or a status from 400 to 599; `"5xx"` is every one from
   * 500. A client that goes away never counts.
   *
   * @default ["connect-error", "reset", "timeout", "protocol-error", "5xx"]
   */
  readonly failures?: readonly OutcomeMatch[];
}
