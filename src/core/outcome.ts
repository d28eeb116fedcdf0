/** What one attempt against one endpoint came to. Health, breaker, retry, telemetry and the client's answer read this value. @module */

import type { Reply } from "./reply.ts";

/** How far an attempt got before it failed. */
export type Stage = "connect" | "send" | "head" | "body";

/** Stable names of failures; the problem's `code` that the client sees. */
export type FailureCode =
  | "connect_refused"
  | "connect_timeout"
  | "connect_failed"
  | "tls_failed"
  | "pool_exhausted"
  | "no_endpoint"
  | "balancer_failed"
  | "circuit_open"
  | "upstream_overloaded"
  | "deadline_exceeded"
  | "upstream_reset"
  | "upstream_timeout"
  | "upstream_protocol_error"
  | "upstream_head_too_large"
  | "request_body_failed"
  | "request_body_timeout"
  | "body_too_large"
  | "client_closed_request";

/** An attempt that was answered, whatever the status. The body may still break off. */
export interface Answered {
  readonly ok: true;
  readonly reply: Reply;
}

/** An attempt without an answer. */
export interface Failed {
  readonly ok: false;
  readonly stage: Stage;
  readonly code: FailureCode;
  /** Whose fault: a client that went away never counts against an endpoint. */
  readonly fault: "endpoint" | "client" | "gateway";
  /** Whether bytes of the request may have reached the endpoint: only if not, repeating is safe for every method. */
  readonly sent: boolean;
  /** Whether it was given up while it waited for a connection of a full pool. @default false */
  readonly inLine?: boolean;
  /** For the log, never for the client. */
  readonly cause?: unknown;
}

/** The result of one attempt. It is returned, not thrown. */
export type Outcome = Answered | Failed;
