/** The access log and the process's own log as they are written. @module */

import type { LogLevel } from "../../core/log.ts";
import type { Duration } from "../../core/units.ts";
import type { AccessField } from "../../telemetry/access_log/access_fields.ts";

/** A line a request. */
export interface AccessLogConfig {
  /**
   * Appended to; `start` needs leave to write it, and opens it anew at SIGUSR2. Unlike other paths a relative one starts
   * at the working directory, not at the config's folder.
   *
   * @default none: the standard output
   */
  readonly file?: string;
  /**
   * `"json"`, or one of Apache's formats: `"common"`, and `"combined"`, which is common with `Referer` and `User-Agent`.
   *
   * @default "json"
   */
  readonly format?: "json" | "common" | "combined";
  /**
   * Members of a line in JSON, in order. Those of `headers` and the query come behind them.
   *
   * @default all but scheme and protocol, each where there is something to tell
   */
  readonly fields?: readonly AccessField[];
  /** Fields of requests and of answers that are in a line in JSON too. */
  readonly headers?: {
    /** @default [] */
    readonly request?: readonly string[];
    /** @default [] */
    readonly response?: readonly string[];
  };
  /**
   * Whether the query is told.
   *
   * @default false
   */
  readonly query?: boolean;
  /**
   * Keys of the query, and fields, whose values are not told, beside the usual ones: `authorization`, `cookie`,
   * `set-cookie`, `x-api-key`, `token`, `password` and the like, and those that policies of this config take credentials
   * from or write secrets to. Case does not count.
   *
   * @default []
   */
  readonly redact?: readonly string[];
  /**
   * Share of the requests, from 0 to 1, that have a line; a route may have its own.
   *
   * @default 1
   */
  readonly sample?: number;
  /**
   * Requests that take longer have a line whatever `sample` says, and are marked as slow in JSON.
   *
   * @default none
   */
  readonly slow?: Duration;
  /**
   * Whether requests that failed (500 and above, broken off) have a line whatever `sample` says.
   *
   * @default true
   */
  readonly errors?: boolean;
}

/** What the process tells an operator. */
export interface LogConfig {
  /**
   * Appended to; `start` needs leave to write it, and opens it anew at SIGUSR2. Unlike other paths a relative one starts
   * at the working directory, not at the config's folder.
   *
   * @default none: the standard error
   */
  readonly file?: string;
  /**
   * `"auto"`: text on a terminal, JSON elsewhere.
   *
   * @default "auto"
   */
  readonly format?: "auto" | "json" | "text";
  /**
   * The least of what is told; `start --debug` tells everything.
   *
   * @default "info"
   */
  readonly level?: LogLevel | "off";
  /**
   * Levels of single parts, by the categories that entries have: `admin`, `handlers`, `listeners`, `policies`, `stores`,
   * `telemetry`, `upstreams`, and what the config's own code has in LogTape. One holds for what is below it: `policies`
   * for `policies.cache`.
   */
  readonly levels?: { readonly [category: string]: LogLevel | "off" };
}
