/** Metrics as they are written. @module */

import type { Duration } from "../../core/units.ts";
import type { OtlpConfig } from "./otlp.ts";

/** A collector that metrics are pushed to. */
export interface MetricsPush extends OtlpConfig {
  /**
   * Time between two messages, `"1s"` at least.
   *
   * @default "60s"
   */
  readonly every?: Duration;
}

/** What is counted and measured. Prometheus reads it at `/metrics` of the admin interface. */
export interface MetricsConfig {
  /**
   * Bounds of the durations that are told apart, rising. Each is a time series more for each route and method.
   *
   * @default ["1ms", "2.5ms", "5ms", "10ms", "25ms", "50ms", "100ms", "250ms", "500ms", "1s", "2.5s", "5s", "10s"]
   */
  readonly buckets?: readonly Duration[];
  /**
   * Whether each of these names the last trace in it that was recorded, for readers who ask for the OpenMetrics format.
   *
   * @default true
   */
  readonly exemplars?: boolean;
  /**
   * A collector that metrics are pushed to as well: `"otlp"`, one at `http://localhost:4318`, or one elsewhere.
   *
   * @default none
   */
  readonly to?: "otlp" | MetricsPush;
  /**
   * A file that gets a line of JSON each second: requests, errors, hits and misses, percentiles of the durations. It is
   * appended to; `start` needs leave to write it, and opens it anew at SIGUSR2. Unlike other paths a relative one starts at
   * the working directory, not at the config's folder.
   *
   * @default none
   */
  readonly summary?: string;
}
