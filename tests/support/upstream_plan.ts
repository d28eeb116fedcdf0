/** Plans of upstreams, and of routes to them, with every default. @module */

import type { UpstreamTargetPlan } from "../../src/compile/plan.ts";
import { DEFAULT_TIMEOUTS, defaultUpstream } from "../../src/upstreams/default_upstream.ts";
import { DEFAULT_RETRY } from "../../src/upstreams/retry/retry_plan.ts";
import type { EndpointPlan, UpstreamPlan } from "../../src/upstreams/upstream_plan.ts";

/** An endpoint on loopback. */
export function endpointPlan(upstream: string, port: number, changes: Partial<EndpointPlan> = {}): EndpointPlan {
  const url = `http://127.0.0.1:${port}`;
  return {
    id: `${upstream}/${url}`,
    url,
    scheme: "http",
    address: { kind: "tcp", hostname: "127.0.0.1", port },
    weight: 1,
    tier: 0,
    maxInFlight: null,
    demo: null,
    ...changes,
  };
}

/** An upstream of endpoints at these ports of loopback. */
export function upstreamPlan(
  name: string,
  ports: readonly [number, ...number[]],
  changes: Partial<UpstreamPlan> = {},
): UpstreamPlan {
  const endpoints = ports.map((port) => endpointPlan(name, port));
  return { ...defaultUpstream(name, endpoints[0]), endpoints, ...changes };
}

/** The target of a route to an upstream. */
export function targetTo(upstream: string, changes: Partial<UpstreamTargetPlan> = {}): UpstreamTargetPlan {
  return {
    kind: "upstream",
    upstream,
    path: null,
    timeouts: DEFAULT_TIMEOUTS,
    retry: DEFAULT_RETRY,
    hedge: null,
    onClientAbort: "cancel",
    mirror: null,
    fallback: null,
    ...changes,
  };
}
