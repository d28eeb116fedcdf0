/** The body of a request, by what its framing fields say (RFC 9112 §6.3). @module */

import type { HeaderList } from "../../core/header_list.ts";
import { StreamSource } from "../../http/stream_source.ts";
import type { Refusal } from "../intake/refusal.ts";

const UNKNOWN_CODING: Refusal = {
  status: 501,
  code: "transfer_coding_not_implemented",
  detail: "Only the transfer coding chunked is offered.",
};
const BAD_LENGTH: Refusal = {
  status: 400,
  code: "bad_content_length",
  detail: "The Content-Length of the request is not valid.",
};
const TOO_LARGE: Refusal = { status: 413, code: "body_too_large", detail: "The request's body is too large." };
const NOT_READ: Refusal = {
  status: 400,
  code: "body_not_supported",
  detail: "A body of GET or HEAD is not read here.",
};

const LENGTH = /^\d{1,15}$/;

/**
 * The source of the body, `null` where there is none, or why it is refused. The runtime gives a stream for every method
 * but GET and HEAD, be there a body or not, and drops the bodies of those two: hence the look at the fields.
 */
export function requestBody(request: Request, headers: HeaderList, most: number): StreamSource | Refusal | null {
  const length = headers.get("content-length"), coding = headers.get("transfer-encoding");
  if (coding !== null && coding.toLowerCase() !== "chunked") return UNKNOWN_CODING;
  if (length !== null && !LENGTH.test(length)) return BAD_LENGTH;
  const bytes = length === null ? undefined : Number(length);
  if (bytes !== undefined && bytes > most) return TOO_LARGE;
  if (request.method === "GET" || request.method === "HEAD") {
    return coding !== null || (bytes ?? 0) > 0 ? NOT_READ : null;
  }
  // Only HTTP/2, which has no Host field, may have a body that no field tells of.
  if (bytes === 0 || (bytes === undefined && coding === null && headers.has("host"))) return null;
  const stream = request.body;
  return stream === null ? null : new StreamSource(stream.getReader(), { fault: "client", length: bytes, most });
}
