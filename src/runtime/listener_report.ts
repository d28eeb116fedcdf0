/** A listener at one moment, as metrics and people look at it. @module */

import type { CertificateEnd } from "../config/certificates/certificate_ends.ts";
import type { HandshakeFault } from "./tls/handshake_error.ts";

/** Plain JSON. What is counted is counted from the listener's start. */
export interface ListenerReport {
  readonly listening: boolean;
  readonly requests: number;
  /** Requests whose answers are not out. */
  readonly inFlight: number;
  /** WebSockets, and connections that have switched to other protocols. */
  readonly tunnels: { readonly websocket: number; readonly other: number };
  /** When the certificates that it shows expire; none without TLS. */
  readonly certificates: readonly CertificateEnd[];
  /** `null`: the runtime keeps them to itself. */
  readonly connections: ConnectionsReport | null;
}

/** The connections of a listener. */
export interface ConnectionsReport {
  readonly accepted: number;
  /** Turned away: there are as many as there may be, in all or of this client. */
  readonly refused: { readonly connections: number; readonly perClient: number };
  /** `introducing`: the PROXY header or the handshake is still to come. */
  readonly open: { readonly introducing: number; readonly h1: number; readonly h2: number };
  /** HTTP/2 streams that are open. */
  readonly streams: number;
  /** Connections without a valid PROXY header. */
  readonly preamblesFailed: number;
  readonly handshakesFailed: { readonly [fault in HandshakeFailure]: number };
}

/** Why a handshake came to nothing; `timeout`: the client took too long. */
export type HandshakeFailure = HandshakeFault | "timeout";
