/** What the URLs look like that the runtime makes of requests. @module */

import type { NetAddress } from "../../core/net_address.ts";

/** The form of one listener's URLs. */
export interface UrlForm {
  /** Whether their scheme is `http+unix`. */
  readonly unix: boolean;
  /** What the runtime puts for the authority of HTTP/1 requests that have no Host. */
  readonly hostless: readonly string[];
}

const encoder = new TextEncoder();

/**
 * The form for a listener at `address`. Over TLS nearly all requests without Host are HTTP/2, where `localhost:8443` is an
 * `:authority` like any other, so none is taken for the runtime's own.
 */
export function urlForm(address: NetAddress, secure: boolean): UrlForm {
  if (address.kind === "unix") return { unix: true, hostless: [encodePath(address.path)] };
  const { hostname, port } = address;
  return { unix: false, hostless: secure ? [] : [`localhost:${port}`, `${hostname}:${port}`] };
}

/** All but ASCII letters and digits percent-encoded. */
function encodePath(path: string): string {
  let text = "";
  for (const byte of encoder.encode(path)) {
    const char = String.fromCharCode(byte);
    text += /[0-9A-Za-z]/.test(char) ? char : "%" + byte.toString(16).toUpperCase().padStart(2, "0");
  }
  return text;
}
