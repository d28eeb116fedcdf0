/** The Host that names an endpoint itself. @module */

import type { EndpointPlan } from "./upstream_plan.ts";

/** Host and port, the scheme's own port left out; `localhost` for a Unix socket. */
export function endpointAuthority({ address, scheme }: Pick<EndpointPlan, "address" | "scheme">): string {
  return address.kind === "unix" ? "localhost" : hostAuthority({ scheme, ...address });
}

/** Host and port as a Host header has them. @param host a name, or an address without brackets */
export function hostAuthority(
  { scheme, hostname, port }: { readonly scheme: "http" | "https"; readonly hostname: string; readonly port: number },
): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return port === (scheme === "https" ? 443 : 80) ? host : `${host}:${port}`;
}
