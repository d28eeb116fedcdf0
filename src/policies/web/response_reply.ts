/** A web `Response` as a reply. @module */

import type { MaybePromise } from "../../core/handler.ts";
import { HeaderList } from "../../core/header_list.ts";
import { Reply } from "../../core/reply.ts";
import { nominated, RESPONSE_HOP } from "../../http/hop_by_hop.ts";
import { readyBody } from "./ready_body.ts";
import { SourceStream } from "../../http/source_stream.ts";

const NOT_FORWARDED: ReadonlySet<string> = new Set(RESPONSE_HOP);
/** What `fetch` decodes, while it leaves `content-encoding` and `content-length` as they were (Deno 2.9). */
const DECODED_BY_FETCH: ReadonlySet<string> = new Set(["gzip", "br"]);

/**
 * Makes a reply of a `Response`, which must not be used afterwards. Every `set-cookie` stays a field of its own,
 * hop-by-hop fields go. A body that is there already (a text, bytes, JSON) becomes bytes, any other is read as a stream
 * with backpressure, and cancelled if the client goes away. `content-length` is made from the body: what the fields say is
 * often that of the response whose fields were copied.
 *
 * A `Response` that comes from `fetch` keeps its length, unless it was decoded: then its `content-encoding` goes too.
 *
 * The result is a promise only where a body must be looked at.
 *
 * @param who names the author in messages: `policy "audit"`
 * @throws TypeError where it cannot be sent: `Response.error()`, status 101, a body that was read or is being read
 */
export function responseReply(response: Response, who: string): MaybePromise<Reply> {
  const { status, headers, body } = response;
  if (status < 200) {
    const what = status === 0 ? "Response.error()" : `a Response with status ${status}`;
    throw new TypeError(
      `${who} returned ${what}, which cannot be sent: return a Response with a status from 200 to 599`,
    );
  }
  if (body === null) return new Reply(status, fields(headers, false, true), null);
  if (response.bodyUsed || body.locked) {
    throw new TypeError(
      `${who} returned a Response whose body has been read: return a new Response, or read a clone()`,
    );
  }
  const fetched = response.url !== "";
  const decoded = fetched && DECODED_BY_FETCH.has(headers.get("content-encoding")?.toLowerCase() ?? "");
  const list = fields(headers, decoded, false);
  const source = body instanceof SourceStream ? body.take() : null;
  if (source !== null) return new Reply(status, list, source);
  const length = fetched && !decoded ? declaredLength(headers.get("content-length")) : undefined;
  return readyBody(body, { fault: "endpoint", length }).then((body) => new Reply(status, list, body));
}

/** @param keepLength a response without a body may tell what a GET would have had (RFC 9110 §8.6) */
function fields(headers: Headers, decoded: boolean, keepLength: boolean): HeaderList {
  const list = HeaderList.of(), named = nominated(headers.get("connection"));
  for (const [name, value] of headers) {
    if (NOT_FORWARDED.has(name) || named?.includes(name)) continue;
    if (name === "content-length" && !keepLength) continue;
    if (name === "content-encoding" && decoded) continue;
    list.append(name, value);
  }
  return list;
}

function declaredLength(value: string | null): number | undefined {
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
