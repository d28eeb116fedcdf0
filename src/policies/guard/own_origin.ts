/** Origins (RFC 6454 §6) and the addresses that this gateway is asked under. @module */

import type { Exchange } from "../../core/exchange.ts";
import { elementAbout, elementsFromRight } from "../../http/forwarded_field.ts";

const HTTPS = "https://", HTTP = "http://";

/**
 * Whether a page of this origin came from where the request goes to: host and port are the same. Where TLS ends before
 * this gateway, the page's scheme is https and the request's is http, so that an https page fits any request; a page that
 * came over http, which anybody on the way can have written, fits none that came over https.
 */
export function isOwnOrigin(exchange: Exchange, origin: string): boolean {
  const isSecure = origin.startsWith(HTTPS);
  if (!isSecure && (!origin.startsWith(HTTP) || cameOverTls(exchange))) return false;
  const host = origin.slice(isSecure ? HTTPS.length : HTTP.length), usualPort = isSecure ? ":443" : ":80";
  if (isSame(exchange.authority, host, usualPort)) return true;
  const asked = forwardedOf(exchange, "host");
  return asked !== null && isSame(asked, host, usualPort);
}

/** Whether the client spoke TLS, to this gateway or to the trusted proxy before it. */
export function cameOverTls(exchange: Exchange): boolean {
  return exchange.scheme === "https" || forwardedOf(exchange, "proto")?.toLowerCase() === "https";
}

/** An origin leaves the scheme's own port out (RFC 6454 §6.1); a Host field may have it. */
function isSame(authority: string, host: string, usualPort: string): boolean {
  const written = authority.toLowerCase();
  return host !== "" && (written === host || written === host + usualPort);
}

/**
 * What a trusted proxy says of how the client asked, as upstreams are told it too; `null` where none does. No page makes a
 * browser send such a field unless a preflight allowed it.
 */
function forwardedOf({ client, headers }: Exchange, what: "host" | "proto"): string | null {
  if (!client.trusted) return null;
  const list = headers.get(what === "host" ? "x-forwarded-host" : "x-forwarded-proto");
  if (list !== null && list !== "") return firstOf(list);
  // Of the two kinds of lists, the client was found in this one where it is present.
  if (headers.get("x-forwarded-for")) return null;
  return elementAbout(client.ip, elementsFromRight(headers.get("forwarded") ?? ""))?.[what] ?? null;
}

/** What the proxy next to the client wrote. */
function firstOf(list: string): string {
  const comma = list.indexOf(",");
  return (comma < 0 ? list : list.slice(0, comma)).trim();
}
