/** An exchange as a web `Request`. @module */

import { type Body, isBodySource } from "../../core/body.ts";
import type { Exchange } from "../../core/exchange.ts";
import { bodyTooLarge, COPY_LIMIT, SharedBody } from "./shared_body.ts";
import { SourceStream } from "../../http/source_stream.ts";

/**
 * The request as it stands now: later changes on either side do not show on the other. Fields of one name are one entry,
 * as `Headers` has it. The body can be read once, like every `Request`'s, and up to {@link COPY_LIMIT}; the upstream gets
 * it whole in any case, for which the exchange's body is replaced by one that replays it.
 *
 * A GET or HEAD request with a body, which `Request` cannot show, appears without one; the upstream still gets it.
 *
 * @param passed whether the request has gone on already: then its body may be half read, and cannot be read here
 * @throws TypeError for a method that `Request` forbids: CONNECT and TRACE, which no engine lets in.
 */
export function webRequest(exchange: Exchange, signal: AbortSignal, passed: boolean): Request {
  const { method } = exchange;
  const url = `${exchange.scheme}://${exchange.authority}${exchange.path}${exchange.query}`;
  const init: RequestInit = { method, headers: webFields(exchange), signal };
  if (exchange.body !== null && method !== "GET" && method !== "HEAD") {
    init.body = readable(exchange, exchange.body, passed);
  }
  return new Request(url, init);
}

function webFields(exchange: Exchange): [string, string][] {
  const flat = exchange.headers.flat(), fields: [string, string][] = [];
  let cookies = "";
  for (let i = 0; i < flat.length; i += 2) {
    // `Headers` would join them with commas, which no cookie parser reads (RFC 6265 §5.4).
    if (flat[i] === "cookie") cookies = cookies === "" ? flat[i + 1] : `${cookies}; ${flat[i + 1]}`;
    else fields.push([flat[i], flat[i + 1]]);
  }
  if (cookies !== "") fields.push(["cookie", cookies]);
  return fields;
}

function readable(exchange: Exchange, body: Exclude<Body, null>, passed: boolean): BodyInit {
  // `Request` copies bytes.
  if (!isBodySource(body)) return body.length <= COPY_LIMIT ? body as BodyInit : unreadable(bodyTooLarge());
  if (passed) return unreadable(new TypeError("the request's body went on unread: touch ctx.request before next()"));
  const shared = new SharedBody(body);
  exchange.body = shared.upstream;
  return new SourceStream(shared.web);
}

function unreadable(why: Error): SourceStream {
  return new SourceStream({ length: undefined, read: () => Promise.reject(why), cancel() {} });
}
