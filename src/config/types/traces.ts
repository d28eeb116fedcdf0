/** Traces as they are written. @module */

import type { Duration } from "../../core/units.ts";
import type { Propagator } from "../../telemetry/telemetry_plan.ts";
import type { OtlpConfig } from "./otlp.ts";

/** How spans are gathered before they are sent. */
export interface BatchConfig {
  /**
   * Spans that wait at most; more are dropped and counted. One takes 1 to 2 KB of memory.
   *
   * @default 8192
   */
  readonly queue?: number;
  /**
   * Spans that are sent at once. More take less of the collector's time, and hold requests up for longer while they are
   * written: 128 for about a millisecond.
   *
   * @default 128
   */
  readonly size?: number;
  /**
   * How long spans wait for others.
   *
   * @default "1s"
   */
  readonly delay?: Duration;
}

/** A span for each request, and below it those of its tries, its cache and the policies that held it up. */
export interface TracesConfig {
  /**
   * Where spans go: `"otlp"`, a collector at `http://localhost:4318`; a collector elsewhere; or `"console"`, a readable
   * tree for each trace on standard error, for development.
   *
   * @default "otlp"
   */
  readonly to?: "otlp" | "console" | OtlpConfig;
  /**
   * Share of the traces that begin here, from 0 to 1, that are recorded; a route may have its own. One that is recorded
   * costs several microseconds a span, another one next to nothing.
   *
   * @default 1
   */
  readonly sample?: number;
  /**
   * Whose traces are continued, and whose word on whether they are recorded is followed: anybody's, those of
   * `trustedProxies` only, or nobody's, so that each trace begins here. With `"any"` any client can have its requests
   * recorded.
   *
   * @default "any"
   */
  readonly accept?: "any" | "trusted" | "none";
  /**
   * Records the traces of requests that failed (500 and above, broken off), whatever `sample` says. For that each request
   * is recorded until it is over, which costs as much as `sample: 1` without the sending.
   *
   * @default false
   */
  readonly keepErrors?: boolean;
  /**
   * Fields in which traces are handed on, by the names of OpenTelemetry: all are written, and the first that is there is
   * read.
   *
   * @default ["tracecontext", "baggage"]
   */
  readonly propagate?: readonly Propagator[];
  /**
   * Policies that have spans: those that waited or refused, all, or none.
   *
   * @default "acting"
   */
  readonly policies?: "acting" | "all" | "none";
  /**
   * Field of answers that tells clients the id of the trace; `true`: `x-trace-id`.
   *
   * @default false
   */
  readonly responseHeader?: boolean | string;
  /** How spans are gathered before they are sent to a collector. */
  readonly batch?: BatchConfig;
}
