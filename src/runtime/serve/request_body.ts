/** The body of a request, by what its framing fields say (RFC 9112 §6.3). @module */

import type { HeaderList } from "../../core/header_list.ts";
import { StreamSource } from "../../http/stream_source.ts";
import { requestFraming } from "../intake/framing.ts";
import { isRefusal, type Refusal } from "../intake/refusal.ts";
import { BODY_TOO_LARGE } from "../intake/refusals.ts";

const NOT_READ: Refusal = {
  status: 400,
  code: "body_not_supported",
  detail: "A body of GET or HEAD is not read here.",
};

/**
 * The source of the body, `null` where there is none, or why it is refused. The runtime gives a stream for every method
 * but GET and HEAD, be there a body or not, and drops the bodies of those two: hence the look at the fields.
 */
export function requestBody(request: Request, headers: HeaderList, most: number): StreamSource | Refusal | null {
  const length = headers.get("content-length"), coding = headers.get("transfer-encoding");
  const framing = requestFraming({ length, repeated: false, coding }, true);
  if (isRefusal(framing)) return framing;
  if (framing.length > most) return BODY_TOO_LARGE;
  if (request.method === "GET" || request.method === "HEAD") {
    return framing.chunked || framing.length > 0 ? NOT_READ : null;
  }
  const bytes = length === null ? undefined : framing.length;
  // Only HTTP/2, which has no Host field, may have a body that no field tells of.
  if (bytes === 0 || (bytes === undefined && coding === null && headers.has("host"))) return null;
  const stream = request.body;
  return stream === null ? null : new StreamSource(stream.getReader(), { fault: "client", length: bytes, most });
}
