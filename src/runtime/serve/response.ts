/** A reply as the `Response` that `Deno.serve` sends. @module */

import { isBodySource } from "../../core/body.ts";
import type { Reply } from "../../core/reply.ts";
import { RESPONSE_HOP } from "../../http/hop_by_hop.ts";
import { hasNoContent } from "../../http/no_content.ts";

const DROPPED: ReadonlySet<string> = new Set(RESPONSE_HOP);

/** What the engine adds to a reply's own fields. */
export interface ResponseExtras {
  readonly requestIdField: string;
  readonly requestId: string;
  readonly close: boolean;
}

/** Whether an answer with this status to this method has a body on the wire. */
export function sendsBody(method: string, status: number): boolean {
  return method !== "HEAD" && !hasNoContent(status);
}

/**
 * Makes the response. `body` is the reply's in the form that is given to the runtime, see {@link headBody} for HEAD.
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
  return withExtras(bareResponse(reply, body, method, extras.requestIdField), extras);
}

/** The response without what is of one exchange. */
export function bareResponse(
  reply: Reply,
  body: Uint8Array | ReadableStream<Uint8Array> | null,
  method: string,
  requestIdField: string,
): Response {
  // The runtime sends a 205 without any length, and clients would wait for its body; 204 says the same of content.
  const status = reply.status === 205 ? 204 : reply.status;
  const init = body as BodyInit | null, response = status === 200 ? new Response(init) : new Response(init, { status });
  const { headers } = response, fields = reply.headers.flat(), noBody = !sendsBody(method, status);
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i];
    if (name === "content-length") {
      // A body says its own length; where none is given, the field says what a GET would have had.
      if (noBody && body === null) headers.append(name, fields[i + 1]);
    } else if (!DROPPED.has(name) && name !== requestIdField) {
      headers.append(name, fields[i + 1]);
    }
  }
  const source = reply.body;
  if (isBodySource(source) && source.length !== undefined && !headers.has("content-length")) {
    headers.append("content-length", String(source.length));
  }
  return response;
}

/** Adds what is of one exchange. */
export function withExtras(response: Response, { requestIdField, requestId, close }: ResponseExtras): Response {
  response.headers.append(requestIdField, requestId);
  if (close) response.headers.append("connection", "close");
  return response;
}

/**
 * What the runtime is given for an answer to HEAD. It counts bytes without sending them, and sends the field for a length
 * that is only known; without either it would claim 0, unless there is a stream: then it says nothing.
 */
export function headBody({ body, headers, status }: Reply): Uint8Array | ReadableStream<Uint8Array> | null {
  if (hasNoContent(status)) return null;
  if (body instanceof Uint8Array) return body;
  const known = body === null ? headers.has("content-length") : body.length !== undefined;
  return known ? null : new ReadableStream({ start: (controller) => controller.close() });
}
