/** Which trailer fields go on to the next hop (RFC 9110 §6.5), and how they are written. @module */

import { isProxyOnly } from "./forwarded.ts";
import { REQUEST_HOP } from "./hop_by_hop.ts";
import { isToken } from "./token.ts";

/**
 * Fields that mean something only before the content (RFC 9110 §6.5.1). A recipient that merges trailers into the head
 * would take them at their word after every check of the head is through, so they end here.
 */
const HEAD_ONLY: ReadonlySet<string> = new Set([
  ...REQUEST_HOP,
  // Routing, and what only this hop may say of the way.
  ...["host", "forwarded", "via", "x-request-id", "x-correlation-id", "traceparent", "tracestate", "baggage"],
  // What the request asks for.
  ...[
    "expect",
    "early-data",
    "max-forwards",
    "cache-control",
    "pragma",
    "range",
    "prefer",
    "origin",
    "referer",
    "x-csrf-token",
  ],
  ...["accept", "accept-charset", "accept-encoding", "accept-language", "accept-ranges", "idempotency-key"],
  ...["x-http-method", "x-http-method-override", "x-method-override", "x-xsrf-token"],
  // Who is asking.
  ...["authorization", "www-authenticate", "authentication-info", "cookie", "cookie2", "set-cookie", "set-cookie2"],
  ...["x-api-key", "x-client-cert", "client-cert", "client-cert-chain"],
  // What the response orders its receivers to do.
  ...["age", "date", "expires", "location", "retry-after", "vary", "warning", "allow", "refresh", "alt-svc"],
  ...[
    "strict-transport-security",
    "clear-site-data",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
  ],
]);
/** `content-*` is how to read the content and what it may do, `sec-*` is only for browsers to say. */
const HEAD_ONLY_FAMILIES = /^(?:content-|proxy-|sec-|if-|access-control-|cross-origin-|x-auth-|x-ssl-)/;
/** Of those families, what is known only at the end of the content (RFC 9530 §2, RFC 9209 §2, RFC 1864). */
const AT_THE_END: ReadonlySet<string> = new Set(["content-digest", "content-md5", "proxy-status"]);

/** Whether a trailer field goes on to the next hop, by its name in any case. */
export function forwardableTrailer(name: string): boolean {
  const lower = name.toLowerCase();
  if (!isToken(lower) || HEAD_ONLY.has(lower) || isProxyOnly(lower)) return false;
  return AT_THE_END.has(lower) || !HEAD_ONLY_FAMILIES.test(lower);
}

/**
 * The field lines behind the last chunk, each ended by CRLF, without those that end here; the empty line that closes the
 * message is not among them.
 *
 * @param trailers flat `[name, value, …]`, in characters up to U+00FF, as a parser gave them that checks every byte:
 * values are written as they are
 */
export function trailerText(trailers: readonly string[] | null): string {
  let text = "";
  if (trailers === null) return text;
  for (let i = 0; i + 1 < trailers.length; i += 2) {
    if (forwardableTrailer(trailers[i])) text += trailers[i] + ": " + trailers[i + 1] + "\r\n";
  }
  return text;
}
