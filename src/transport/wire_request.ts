/** A request ready for the wire. @module */

import type { Body } from "../core/body.ts";

/** Hears how a request gets on. */
export interface ConnectionWatch {
  /** It has a connection. @param reused whether that has served others before; once more where it had been closed meanwhile */
  connected(reused: boolean): void;
}

/** What a connection needs to send a request and to read its answer. */
export interface WireRequest {
  readonly method: string;
  /** Request line and field lines, each ended by CRLF; without framing fields and without the blank line. */
  readonly head: string;
  readonly body: Body;
  /** Milliseconds from the request's last byte to the response's head. */
  readonly headTimeout: number;
  /** Milliseconds that either body may stand still. */
  readonly idleTimeout: number;
  /** The protocols that the head asks to switch to, as a list: only one of them is an answer. @default "" */
  readonly upgrade?: string;
  /** Whether the head says `Expect: 100-continue`: the body then waits for the endpoint's word, or a while. @default false */
  readonly expectsContinue?: boolean;
  /** Takes interim answers other than 100; an exchange does. @default they are dropped */
  readonly informed?: { inform(status: number, fields: readonly string[]): void };
  /** @default nobody */
  readonly watch?: ConnectionWatch | null;
}

/** Methods whose request is understood to have a body: without one they say so (RFC 9110 §8.6). */
const EXPECTS_BODY: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** The framing field of a request, ended by CRLF, or nothing. */
export function framingLine(method: string, body: Body): string {
  if (body === null) return EXPECTS_BODY.has(method) ? "content-length: 0\r\n" : "";
  return body.length === undefined ? "transfer-encoding: chunked\r\n" : `content-length: ${body.length}\r\n`;
}
