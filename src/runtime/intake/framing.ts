/** Where a request's body ends (RFC 9112 §6). Two readers that disagree here are request smuggling: nothing is guessed. @module */

import { withoutBlanks } from "../../http/without_blanks.ts";
import type { Refusal } from "./refusal.ts";

/** How the end of a request's body is found (RFC 9112 §6.3). */
export interface RequestFraming {
  readonly chunked: boolean;
  /** Bytes of the body; 0 for none and for chunked. */
  readonly length: number;
}

const BAD_LENGTH: Refusal = {
  status: 400,
  code: "bad_content_length",
  detail: "The Content-Length of the request is not valid.",
};
const BAD_CODING: Refusal = {
  status: 400,
  code: "bad_transfer_encoding",
  detail: "The Transfer-Encoding of the request is not valid.",
};
const UNKNOWN_CODING: Refusal = {
  status: 501,
  code: "transfer_coding_not_implemented",
  detail: "Only the transfer coding chunked is offered.",
};

/** No body at all. */
export const NO_BODY: RequestFraming = Object.freeze({ chunked: false, length: 0 });
const CHUNKED: RequestFraming = Object.freeze({ chunked: true, length: 0 });
/** As many digits as an exact integer surely has. */
const LENGTH = /^\d{1,15}$/;

/** What the framing fields of a head said. */
export interface FramingFields {
  /** The value of Content-Length, `null` for none. */
  readonly length: string | null;
  /** Whether Content-Length stood more than once, be the values equal. */
  readonly repeated: boolean;
  /** The combined value of Transfer-Encoding, `null` for none. */
  readonly coding: string | null;
}

/** The framing, or why it is refused. After a refusal nothing more can be read from the connection. */
export function requestFraming({ length, repeated, coding }: FramingFields, http11: boolean): RequestFraming | Refusal {
  if (coding !== null) {
    // Both fields: RFC 9112 §6.3 lets a server take the coding, and that is how smuggling begins.
    if (!http11 || length !== null) return BAD_CODING;
    return coding.toLowerCase() === "chunked" ? CHUNKED : judge(coding);
  }
  if (length === null) return NO_BODY;
  if (repeated || !LENGTH.test(length)) return BAD_LENGTH;
  const bytes = Number(length);
  return bytes === 0 ? NO_BODY : { chunked: false, length: bytes };
}

/** Chunked where it may not stand is an error; a coding that nobody here knows is a wish that cannot be met. */
function judge(value: string): Refusal {
  const codings = value.toLowerCase().split(",").map((coding) => withoutBlanks(coding));
  const misplaced = codings.slice(0, -1).includes("chunked"), empty = codings.includes("");
  return misplaced || empty ? BAD_CODING : UNKNOWN_CODING;
}
