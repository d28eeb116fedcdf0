/** What tells good endpoints from bad ones, as it is written. @module */

import type { Duration } from "../../core/units.ts";

/**
 * Probes of each endpoint, one at a time however many routes use it. An endpoint that fails them gets no requests; when
 * all do, requests are a 503 at once. `{}` is a GET of `/` that any answer from 200 to 399 passes.
 */
export interface Health {
  /**
   * Path and query that are asked for.
   *
   * @default "/"
   */
  readonly path?: string;
  /**
   * Method of a probe.
   *
   * @default "GET"
   */
  readonly method?: "GET" | "HEAD" | "OPTIONS" | "POST";
  /** Fields of a probe, as they stand. */
  readonly headers?: { readonly [name: string]: string };
  /**
   * Host field of a probe.
   *
   * @default the endpoint's own
   */
  readonly host?: string;
  /**
   * Statuses that pass: single ones, `"2xx"` and its like, or ranges such as `[200, 299]`.
   *
   * @default [[200, 399]]
   */
  readonly statuses?: readonly (number | "2xx" | "3xx" | "4xx" | "5xx" | readonly [from: number, to: number])[];
  /**
   * Regular expression that the first 64 KiB of the answer's body must match somewhere. Not with method `"HEAD"`.
   *
   * @default any body passes
   */
  readonly body?: string;
  /** Only makes a connection, without a request; none of the settings above goes with it. */
  readonly tcp?: true;
  /**
   * From the end of a probe to the start of the next.
   *
   * @default "10s"
   */
  readonly interval?: Duration;
  /**
   * Share of `interval`, from 0 to 1, that chance adds or takes, so that probes do not come in step.
   *
   * @default 0.1
   */
  readonly jitter?: number;
  /**
   * For the whole of a probe.
   *
   * @default "2s"
   */
  readonly timeout?: Duration;
  /**
   * Passed probes in a row that make an endpoint healthy.
   *
   * @default 2
   */
  readonly rise?: number;
  /**
   * Failed probes in a row that make it unhealthy.
   *
   * @default 3
   */
  readonly fall?: number;
  /**
   * What an endpoint is before its first probe. With `"down"` requests are a 503 until a probe has passed.
   *
   * @default "up"
   */
  readonly start?: "up" | "down";
}

/**
 * Takes endpoints out for a while because of what requests meet there. It never takes the last one, and a client that
 * goes away never counts.
 */
export interface Outliers {
  /**
   * Connect failures, resets, time-outs, broken answers and 502, 503, 504 in a row that eject; `false`: off.
   *
   * @default 5
   */
  readonly consecutiveGatewayErrors?: number | false;
  /**
   * The same with every status from 500; `false`: off.
   *
   * @default false
   */
  readonly consecutive5xx?: number | false;
  /**
   * Ejects endpoints whose share of successes is far below that of the others; `{}` with the defaults, `false`: off.
   *
   * @default false
   */
  readonly successRate?: false | SuccessRate;
  /**
   * How long the first ejection lasts; each further one adds as much.
   *
   * @default "30s"
   */
  readonly ejectFor?: Duration;
  /**
   * How long an ejection lasts at most; not below `ejectFor`.
   *
   * @default "5m", or `ejectFor` where that is more
   */
  readonly maxEjectFor?: Duration;
  /**
   * Largest share of the endpoints that is ejected at once, from 0 to 1; one may always be, if another is left.
   *
   * @default 0.5
   */
  readonly maxEjected?: number;
  /**
   * While the share of endpoints that are not ejected is below this, ejections are not heeded; from 0 to 1, 0: off.
   *
   * @default 0
   */
  readonly panicThreshold?: number;
}

/** Compares endpoints with each other. */
export interface SuccessRate {
  /**
   * How often.
   *
   * @default "10s"
   */
  readonly interval?: Duration;
  /**
   * Requests that an endpoint must have had since.
   *
   * @default 100
   */
  readonly minRequests?: number;
  /**
   * Endpoints that must have had as many. Of n endpoints none is more than √(n − 1) deviations below the mean, so that fewer
   * than 5 are too few for the default of `deviations`.
   *
   * @default 5
   */
  readonly minEndpoints?: number;
  /**
   * Standard deviations below the mean that eject.
   *
   * @default 1.9
   */
  readonly deviations?: number;
}
