/** Fields that end at this hop (RFC 9110 §7.6.1). @module */

import { isToken } from "./token.ts";
import { withoutBlanks } from "./without_blanks.ts";

const BOTH_WAYS = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  // Meant for the next proxy on the way (RFC 9110 §11.7), and this gateway answers as if it were the origin.
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
];

/** Never forwarded to an upstream. Beside the hop-by-hop fields `proxy`, which CGI hands on as `HTTP_PROXY` ("httpoxy"). */
export const REQUEST_HOP: readonly string[] = Object.freeze([...BOTH_WAYS, "http2-settings", "proxy"]);

/** Never forwarded to a client. `proxy-status` (RFC 9209) is end to end and not among them. */
export const RESPONSE_HOP: readonly string[] = Object.freeze([...BOTH_WAYS]);

/** What Connection may name without naming a field to drop, or a field that is dropped anyway. */
const NOTHING_TO_DROP: ReadonlySet<string> = new Set([...REQUEST_HOP, "close"]);

/**
 * Fields that a sender cannot have removed by naming them. Without this, whoever writes `Connection` would choose which
 * of the fields that other hops rely on never arrive: framing, credentials, who is calling (CVE-2022-31813), what
 * caches and browsers enforce.
 */
const KEPT: ReadonlySet<string> = new Set([
  ...["host", "expect", "max-forwards", "date", "age", "expires", "pragma", "cache-control", "vary", "etag", "warning"],
  ...["last-modified", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "range"],
  ...["authorization", "www-authenticate", "authentication-info", "cookie", "set-cookie", "origin", "referer"],
  ...["location", "allow", "retry-after", "accept-ranges", "accept-encoding", "idempotency-key", "proxy-status"],
  ...["forwarded", "via", "traceparent", "tracestate", "baggage", "x-request-id", "x-correlation-id"],
  ...["x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "x-client-cert", "client-cert"],
  ...["client-cert-chain", "x-original-url", "x-rewrite-url", "x-http-method-override", "x-api-key", "x-csrf-token"],
  ...["x-xsrf-token", "strict-transport-security", "x-frame-options", "x-content-type-options", "referrer-policy"],
  ...["permissions-policy", "clear-site-data"],
]);
const KEPT_FAMILIES = /^(?:content-|x-forwarded-|sec-|access-control-|cross-origin-|x-ssl-|x-auth-)/;

/**
 * The fields that a `Connection` value names for removal, in lower case, without those that are dropped anyway and those
 * that must not be nominated away; `null` when there are none, as nearly always.
 *
 * Apply it to the fields as received, before any policy adds its own: a client that knows the name of a field which the
 * gateway sets for the upstream (`x-user-id`) could otherwise have it removed.
 *
 * @param connection the combined value of `Connection`
 */
export function nominated(connection: string | null): readonly string[] | null {
  if (
    connection === null || connection === "keep-alive" || connection === "close" || connection === "Keep-Alive" ||
    connection === "Upgrade" || connection === "upgrade"
  ) return null;
  let names: string[] | null = null;
  for (const option of connection.split(",")) {
    const name = withoutBlanks(option).toLowerCase();
    if (!isToken(name) || NOTHING_TO_DROP.has(name) || KEPT.has(name) || KEPT_FAMILIES.test(name)) continue;
    (names ??= []).push(name);
  }
  return names;
}

/** Whether a value of `TE` says that trailers are welcome (RFC 9110 §10.1.4). */
export function acceptsTrailers(te: string): boolean {
  return /(?:^|[ \t,])trailers(?:$|[ \t,;])/i.test(te);
}
