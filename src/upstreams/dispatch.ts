/** How a policy calls a service. @module */

import type { BuildEnv } from "../core/build_env.ts";
import type { Handler } from "../core/handler.ts";
import type { UpstreamClient } from "./build_endpoint.ts";
import { defaultUpstream } from "./default_upstream.ts";
import { forwardTo } from "./forward.ts";
import { buildUpstream, type Upstream } from "./upstream.ts";
import type { UpstreamPlan } from "./upstream_plan.ts";

/** Makes `BuildEnv.dispatch`: a name finds a configured upstream, with its settings; a URL gets one with the defaults. */
export function dispatcher(
  upstreams: ReadonlyMap<string, Upstream>,
  client: UpstreamClient,
  world: Omit<BuildEnv, "dispatch">,
  requestIdField: string,
): BuildEnv["dispatch"] {
  const dispatch = (upstreamOrUrl: string): Handler => {
    const env: BuildEnv = { ...world, dispatch };
    const upstream = upstreams.get(upstreamOrUrl) ?? buildUpstream(urlUpstream(upstreamOrUrl), client, env);
    const { timeouts, retry, hedge } = upstream.plan;
    return forwardTo(upstream, { timeouts, retry, hedge, requestIdField, path: (exchange) => exchange.path }, env);
  };
  return dispatch;
}

/** @throws TypeError for what is neither the name of an upstream nor an http or https URL */
function urlUpstream(text: string): UpstreamPlan {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new TypeError(`"${text}" is neither an upstream of this config nor an http or https URL`);
  }
  const https = url.protocol === "https:";
  return defaultUpstream(url.origin, {
    id: `${url.origin}/${url.origin}`,
    url: url.origin,
    scheme: https ? "https" : "http",
    address: {
      kind: "tcp",
      hostname: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? (https ? 443 : 80) : Number(url.port),
    },
    weight: 1,
    tier: 0,
    maxInFlight: null,
    demo: null,
  });
}
