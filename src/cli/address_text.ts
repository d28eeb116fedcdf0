/** Where a listener can be reached. @module */

interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** Host and port as a URL has them (RFC 3986 §3.2.2: an IPv6 address in brackets). */
export function addressText({ hostname, port }: Address): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/** A URL to open on this machine: a listener on every address is reached as `localhost`. */
export function addressUrl({ hostname, port }: Address): string {
  const everywhere = hostname === "0.0.0.0" || hostname === "::";
  return `http://${addressText({ hostname: everywhere ? "localhost" : hostname, port })}`;
}
