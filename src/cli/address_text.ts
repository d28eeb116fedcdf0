/** Where a listener can be reached. @module */

import type { Address } from "./started.ts";

/** Host and port as a URL has them (RFC 3986 §3.2.2: an IPv6 address in brackets). */
export function addressText({ hostname, port }: Address): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/** A URL to open on this machine: a listener on every address is reached as `localhost`. `unix:/path` for a Unix socket. */
export function addressUrl({ scheme = "http", hostname, port }: Address): string {
  if (hostname.startsWith("/")) return `unix:${hostname}`;
  const everywhere = hostname === "0.0.0.0" || hostname === "::";
  return `${scheme}://${addressText({ hostname: everywhere ? "localhost" : hostname, port })}`;
}
