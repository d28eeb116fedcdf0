/** The scheme that the endpoints of an upstream share. @module */

import type { EndpointPlan, UpstreamPlan } from "./upstream_plan.ts";

/** An upstream as far as its scheme depends on it; endpoints have no ids yet while a config is checked. */
type Endpoints = Pick<UpstreamPlan, "dns"> & { readonly endpoints: readonly Pick<EndpointPlan, "scheme">[] };

/** `https` where connections begin with TLS. */
export function upstreamScheme({ dns, endpoints }: Endpoints): "http" | "https" {
  return dns?.scheme ?? endpoints[0].scheme;
}
