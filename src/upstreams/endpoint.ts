/** One address of an upstream, while traffic flows. @module */

import type { Transport } from "../transport/transport.ts";
import type { EndpointPlan } from "./upstream_plan.ts";

/** What the attempt loop and balancers need of an endpoint. */
export interface Endpoint {
  /** `<upstream>/<url>`. */
  readonly id: string;
  /** Its place in the upstream's list. */
  readonly index: number;
  readonly weight: number;
  /** Host and port, as a Host header names it: the scheme's own port is left out; `localhost` for a Unix socket. */
  readonly authority: string;
  readonly transport: Transport;
}

/** The Host header value that names the endpoint itself. */
export function endpointAuthority({ address, scheme }: Pick<EndpointPlan, "address" | "scheme">): string {
  if (address.kind === "unix") return "localhost";
  const host = address.hostname.includes(":") ? `[${address.hostname}]` : address.hostname;
  const own = scheme === "https" ? 443 : 80;
  return address.port === own ? host : `${host}:${address.port}`;
}
