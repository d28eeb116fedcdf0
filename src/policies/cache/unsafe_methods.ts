/** Requests that may change what has been kept (RFC 9111 §4.4). @module */

import type { Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise } from "../../core/handler.ts";
import type { Reply } from "../../core/reply.ts";
import type { CacheParts } from "./cache_parts.ts";
import type { UnderWay } from "./fills.ts";
import type { CacheKeys } from "./key_reader.ts";
import { keepWhenWhole } from "./keep_when_whole.ts";
import { arrived, type Asker, askerOf } from "./looked.ts";
import type { RequestDirectives } from "./rules/request_directives.ts";

/** Methods that the IANA registry calls safe. */
const SAFE: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "PROPFIND",
  "REPORT",
  "SEARCH",
  "QUERY",
  "PRI",
]);
/** Fields that name what else has changed. */
const ALSO = ["location", "content-location"];

/** Whether a request with this method changes nothing (RFC 9110 §9.2.1). */
export function isSafe(method: string): boolean {
  return SAFE.has(method);
}

/** A request that may change something, as it was before it was sent on. */
interface Writing {
  readonly key: string;
  /** Of a GET for the same; `null`: nothing is kept for it. */
  readonly variant: string | null;
  readonly url: string;
  readonly asker: Asker;
  readonly requestedAt: number;
}

/**
 * Sends it on; when it has succeeded, what is kept of its URL, and of those that the answer names, is not used again.
 *
 * @param asked what it asks of caches
 */
export function invalidating(
  parts: CacheParts,
  keys: CacheKeys,
  next: Handler,
  exchange: Exchange,
  asked: RequestDirectives | null,
): MaybePromise<Reply> {
  const { scheme, authority, path, query, method } = exchange;
  const writing: Writing = {
    key: keys.keyOf(exchange),
    variant: method === "POST" ? keys.variantOf(exchange, "GET") : null,
    url: `${scheme}://${authority}${path}${query}`,
    asker: askerOf(parts.plan, exchange, asked),
    requestedAt: parts.clock.now(),
  };
  const reply = next(exchange);
  const take = (reply: Reply) => {
    if (reply.status >= 200 && reply.status < 400) changed(parts, keys, exchange, reply, writing);
    return reply;
  };
  return reply instanceof Promise ? reply.then(take) : take(reply);
}

function changed(parts: CacheParts, keys: CacheKeys, exchange: Exchange, reply: Reply, writing: Writing): void {
  const { key, url } = writing;
  parts.invalidate(key);
  for (const name of ALSO) {
    const written = reply.headers.get(name), named = written === null ? null : sameOrigin(written, url);
    const other = named === null ? null : keys.keyOfUrl(named);
    if (other !== null && other !== key) parts.invalidate(other);
    // RFC 9110 §9.3.3: the answer to a POST that names its own URL is what a GET would get.
    if (name === "content-location" && other === key) keepForGet(parts, exchange, reply, writing);
  }
}

function keepForGet(parts: CacheParts, exchange: Exchange, reply: Reply, writing: Writing): void {
  const { key, variant, asker, requestedAt } = writing, { status } = reply;
  if (variant === null) return;
  const head = { status, fields: reply.headers.flat(), requestedAt, reply, sent: exchange };
  const verdict = arrived(parts, exchange, asker, head);
  // A GET has other fields than a POST to choose by.
  if (!verdict.keep || !verdict.explicit) return;
  const { fills } = parts, underWay: UnderWay = { key, outdated: false, abandon: () => {} };
  fills.add(underWay);
  const keeper = { key, variant, headers: null, underWay };
  if (!keepWhenWhole(parts, keeper, { reply, verdict, requestedAt })) fills.remove(underWay);
}

/** The URL in full, where it is of the origin that has sent it: nobody can say anything about another's (RFC 9111 §4.4). */
function sameOrigin(written: string, base: string): string | null {
  const url = URL.parse(written, base);
  return url !== null && url.origin === URL.parse(base)?.origin ? url.href : null;
}
