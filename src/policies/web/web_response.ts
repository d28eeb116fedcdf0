/** A reply as a web `Response`. @module */

import { isBodySource } from "../../core/body.ts";
import type { Reply } from "../../core/reply.ts";
import { hasNoContent } from "../../http/no_content.ts";
import { SourceStream } from "../../http/source_stream.ts";

/**
 * Makes a `Response` of a reply, which must not be used afterwards: its body has one reader. Ready bytes are copied,
 * a source is read as the stream is; every `set-cookie` stays a field of its own.
 *
 * Statuses that have no content (204, 205, 304) get none: a body that was there is given up.
 */
export function webResponse(reply: Reply): Response {
  const flat = reply.headers.flat(), headers = new Headers();
  for (let i = 0; i < flat.length; i += 2) headers.append(flat[i], flat[i + 1]);
  return new Response(responseBody(reply), { status: reply.status, headers });
}

function responseBody({ status, body }: Reply): BodyInit | null {
  if (hasNoContent(status)) {
    if (isBodySource(body)) body.cancel();
    return null;
  }
  // `Response` copies bytes.
  return isBodySource(body) ? new SourceStream(body) : body as BodyInit | null;
}
