/** The port through which attempts reach endpoints, whatever protocol is spoken there. @module */

import type { Abandonable, HttpVersion } from "../core/exchange.ts";
import type { Answered, Failed } from "../core/outcome.ts";
import type { WireRequest } from "./wire_request.ts";

/** Milliseconds that waiting for a place in the pool may take (`connect`), and after it opening a connection (both, for TLS). */
export interface ConnectTimeouts {
  readonly connect: number;
  readonly tls: number;
}

/** Whoever waits for the answer, and may leave; an exchange is one. */
export interface Waiting {
  readonly aborted: boolean;
  /** From now on `work` is abandoned when the client leaves. */
  onAbort(work: Abandonable): void;
  /** `work` is over. */
  offAbort(work: Abandonable): void;
}

/** What came of a request: an outcome, with the version that the endpoint answered in. */
export type TransportOutcome = (Answered & { readonly version: HttpVersion }) | Failed;

/** Takes the outcome of a request. */
export type Settle = (outcome: TransportOutcome) => void;

/** The connections to one endpoint. */
export interface Transport {
  /** Whether the runtime makes a span for each request by itself, and tells the endpoint of it. @default false */
  readonly traced?: boolean;
  /** Sends one request. `settle` is called once, at once or later; what has been answered ends with the reply's body. */
  send(request: WireRequest, timeouts: ConnectTimeouts, client: Waiting, settle: Settle): void;
  /** Closes idle connections and, when they are done, the others. */
  close(): void;
}

/** The failure of an attempt whose client has left before anything was sent. */
export const CLIENT_GONE: Failed = Object.freeze({
  ok: false,
  stage: "connect",
  code: "client_closed_request",
  fault: "client",
  sent: false,
});

/** The same of one that waited for a connection of a full pool. */
export const CLIENT_GONE_IN_LINE: Failed = Object.freeze({ ...CLIENT_GONE, inLine: true });
