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

/** Makes the response. `body` is the reply's in the form that is sent: bytes, a stream, or nothing. */
export function toResponse(
  reply: Reply,
  body: Uint8Array | ReadableStream<Uint8Array> | null,
  method: string,
  extras: ResponseExtras,
): Response {
  const headers = responseFields(reply, !sendsBody(method, reply.status), extras);
  return new Response(body as BodyInit | null, { status: reply.status, headers });
}

function responseFields(reply: Reply, noBody: boolean, extras: ResponseExtras): [string, string][] {
  const fields = reply.headers.flat(), pairs: [string, string][] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i];
    // The body says its length; only where there is none does the field speak for what a GET would have had.
    if (name === "content-length" ? noBody : !DROPPED.has(name)) pairs.push([name, fields[i + 1]]);
  }
  const { body } = reply;
  if (!noBody && isBodySource(body) && body.length !== undefined) pairs.push(["content-length", String(body.length)]);
  pairs.push([extras.requestIdField, extras.requestId]);
  if (extras.close) pairs.push(["connection", "close"]);
  return pairs;
}
