/** The first line of a request (RFC 9112 §3). @module */

import type { Refusal } from "../intake/refusal.ts";

/** A request line, taken apart and not yet judged. */
export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly http11: boolean;
}

const MALFORMED: Refusal = { status: 400, code: "bad_request_line", detail: "The request line is not valid." };
const VERSION: Refusal = {
  status: 505,
  code: "http_version_not_supported",
  detail: "HTTP/1.1 and HTTP/1.0 are spoken here.",
};

const VERSION_LENGTH = "HTTP/1.1".length;
const SPACE = 0x20, ZERO = 0x30, NINE = 0x39;

/**
 * Takes the line that ends at `end` apart: exactly one space twice, nothing repaired. A minor version that nobody knows
 * is the highest that is known (RFC 9110 §6.2).
 */
export function readRequestLine(head: string, end: number): RequestLine | Refusal {
  const methodEnd = head.indexOf(" "), version = end - VERSION_LENGTH;
  if (methodEnd < 1 || version <= methodEnd + 2 || head.charCodeAt(version - 1) !== SPACE) return MALFORMED;
  const minor = head.charCodeAt(end - 1);
  if (!head.startsWith("HTTP/1.", version) || minor < ZERO || minor > NINE) {
    return /^HTTP\/\d\.\d$/.test(head.slice(version, end)) ? VERSION : MALFORMED;
  }
  return { method: head.slice(0, methodEnd), target: head.slice(methodEnd + 1, version - 1), http11: minor > ZERO };
}
