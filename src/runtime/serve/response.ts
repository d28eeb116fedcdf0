/** A reply as the `Response` that `Deno.serve` sends. @module */

import { isBodySource } from "../../core/body.ts";
import type { Reply } from "../../core/reply.ts";
import { RESPONSE_HOP } from "../../http/hop_by_hop.ts";

const DROPPED: ReadonlySet<string> = new Set(RESPONSE_HOP);

/** Statuses that never have a body; `Response` refuses one (RFC 9110 §15.3.5, §15.3.6, §15.4.5). */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** What the engine adds to a reply's own fields. */
export interface ResponseExtras {
  readonly requestIdField: string;
  readonly requestId: string;
  readonly close: boolean;
}

/** Whether an answer with this status to this method has a body on the wire. */
export function sendsBody(method: string, status: number): boolean {
  return method !== "HEAD" && !isBodiless(status);
}

/**
 * Makes the response. `body` is the reply's in the form that is sent: bytes, a stream, or nothing.
 *
 * The fields are appended one by one, because a list of pairs is converted and checked twice: a sixth of the CPU time of
 * an answer with a dozen fields.
 */
export function toResponse(
  reply: Reply,
  body: Uint8Array | ReadableStream<Uint8Array> | null,
  method: string,
  extras: ResponseExtras,
): Response {
  const { status } = reply;
  const response = status === 200
    ? new Response(body as BodyInit | null)
    : new Response(body as BodyInit | null, { status });
  const { headers } = response, fields = reply.headers.flat(), noBody = !sendsBody(method, status);
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i];
    // The body says its length; only where there is none does the field speak for what a GET would have had.
    if (name === "content-length" ? noBody : !DROPPED.has(name)) headers.append(name, fields[i + 1]);
  }
  const source = reply.body;
  if (!noBody && isBodySource(source) && source.length !== undefined) {
    headers.append("content-length", String(source.length));
  }
  headers.append(extras.requestIdField, extras.requestId);
  if (extras.close) headers.append("connection", "close");
  return response;
}
