/** What the gateway tells about its work, as it is written. @module */

import type { AccessLogConfig, LogConfig } from "./logs.ts";
import type { MetricsConfig } from "./metrics.ts";
import type { TracesConfig } from "./traces.ts";

/** What the gateway tells about its work. */
export interface TelemetryConfig {
  /**
   * The gateway's name among other services: `service.name` in traces and metrics that are sent to a collector.
   *
   * @default "gatewright"
   */
  readonly service?: string;
  /** More of it, by the names of OpenTelemetry: `{ "deployment.environment.name": "staging" }`. */
  readonly resource?: { readonly [attribute: string]: string };
  /**
   * A trace for each request; `true`: with all defaults, to a collector at `http://localhost:4318`.
   *
   * @default false
   */
  readonly traces?: boolean | TracesConfig;
  /**
   * What is counted and measured.
   *
   * @default true
   */
  readonly metrics?: boolean | MetricsConfig;
  /**
   * A line a request; `true`: in JSON, to the standard output.
   *
   * @default true
   */
  readonly accessLog?: boolean | AccessLogConfig;
  /** What the process tells an operator. */
  readonly log?: LogConfig;
}

/** What one route says of its own telemetry. */
export interface RouteTelemetry {
  /**
   * Share of its traces, from 0 to 1, that are recorded where no caller has decided; `false`: none.
   *
   * @default the gateway's
   */
  readonly traces?: boolean | number;
  /**
   * Share of its requests, from 0 to 1, that have a line in the access log; `false`: none but those that the gateway
   * logs in any case, as slow or failed.
   *
   * @default the gateway's
   */
  readonly accessLog?: boolean | number;
}
