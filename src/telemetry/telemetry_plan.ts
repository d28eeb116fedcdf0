/** What the gateway tells about its work: the part of the plan. @module */

import type { LogLevel } from "../core/log.ts";
import type { Secret } from "../core/secret.ts";
import type { AccessField } from "./access_log/access_fields.ts";

/** Durations are milliseconds, sizes bytes. */
export interface TelemetryPlan {
  /** What stands behind everything that is sent to a collector. */
  readonly resource: ResourcePlan;
  /** `null`: none are made, and what clients say of traces goes on as it came. */
  readonly traces: TracesPlan | null;
  readonly metrics: MetricsPlan | null;
  readonly accessLog: AccessLogPlan | null;
  readonly log: LogPlan;
}

/** Who tells: `service.name`, and attributes of the resource by their names in OpenTelemetry. */
export interface ResourcePlan {
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Ways to tell other processes of a trace, by OpenTelemetry's names: `OTEL_PROPAGATORS`. */
export type Propagator = "tracecontext" | "baggage" | "b3" | "b3multi";

/** Traces. */
export interface TracesPlan {
  /** Share of the traces that begin here, from 0 to 1, that are recorded. */
  readonly sample: number;
  /** Whose traces are continued, and whose decision whether they are recorded is followed. */
  readonly accept: "any" | "trusted" | "none";
  /** Whether traces of requests that failed are recorded, whatever was decided: every request is then, for as long as it lasts. */
  readonly keepErrors: boolean;
  /** Tracing fields that are read, the first that is there, and all that are written. */
  readonly propagate: readonly Propagator[];
  /** Which policies are seen: those that waited or refused, all, or none. */
  readonly policies: "acting" | "all" | "none";
  /** Field of answers that tells the trace's id, in lower case; `null`: none. */
  readonly responseHeader: string | null;
  /** Where spans go. */
  readonly to: TraceSinkPlan;
}

export type TraceSinkPlan =
  | { readonly kind: "console" }
  | { readonly kind: "otlp"; readonly otlp: OtlpPlan; readonly batch: BatchPlan };

/** A collector (OTLP over HTTP). */
export interface OtlpPlan {
  /** With its path: `http://localhost:4318/v1/traces`. */
  readonly url: string;
  readonly protocol: "http/json" | "http/protobuf";
  readonly headers: Readonly<Record<string, string | Secret>>;
  readonly compression: "gzip" | "none";
  readonly timeout: number;
}

export interface BatchPlan {
  /** Spans that wait at most; more are dropped and counted. */
  readonly queue: number;
  /** Spans that are sent at once. */
  readonly size: number;
  /** How long spans wait for others. */
  readonly delay: number;
}

/** Metrics. */
export interface MetricsPlan {
  /** Upper bounds of the durations' buckets, in seconds, rising. */
  readonly buckets: readonly number[];
  /** Whether buckets name a trace each, in the OpenMetrics format. */
  readonly exemplars: boolean;
  /** Where they are pushed to; `null`: they are only read. */
  readonly otlp: (OtlpPlan & { readonly every: number }) | null;
  /** A line of JSON each second: requests, hits, misses, p95. `null`: none. */
  readonly summary: { readonly file: string } | null;
}

/** The access log. */
export interface AccessLogPlan {
  readonly to: "stdout" | { readonly file: string };
  readonly format: "json" | "common" | "combined";
  /** Members of a line in JSON, in order; `null`: the usual ones. */
  readonly fields: readonly AccessField[] | null;
  /** Fields of requests and answers that are in the line too, in lower case. */
  readonly headers: { readonly request: readonly string[]; readonly response: readonly string[] };
  /** Whether the query is in the line; the values of the keys in `redact` are not. */
  readonly query: boolean;
  /** Keys of the query, and fields, in lower case, whose values are written as `[redacted]`: the usual ones are among them. */
  readonly redact: readonly string[];
  /** Share of the lines that are written, from 0 to 1. */
  readonly sample: number;
  /** Requests that take longer have a line whatever `sample` says, marked `slow`; `null`: none. */
  readonly slow: number | null;
  /** Whether requests that failed (500 and above, or broken off) have a line whatever `sample` says. */
  readonly errors: boolean;
}

/** The process's own log. */
export interface LogPlan {
  readonly to: "stderr" | { readonly file: string };
  /** `auto`: text on a terminal, else JSON. */
  readonly format: "auto" | "json" | "text";
  readonly level: LogLevel | "off";
  /** Of single categories: `upstreams`, `policies.cache`. */
  readonly levels: Readonly<Record<string, LogLevel | "off">>;
}

/** What one route says of its own telemetry; `null`: what the gateway says. */
export interface RouteTelemetryPlan {
  /** Share of its traces; 0: none are recorded unless a caller's is. */
  readonly traces: number | null;
  /** Share of its lines in the access log; 0: none but slow and failed ones. */
  readonly accessLog: number | null;
}

/** A bit of what listeners answer beside routes. */
export type Exposed = "health" | "metrics";
