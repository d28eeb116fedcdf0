/** What an upstream has that says nothing of it: the config's schema and the upstreams of mere URLs share it. @module */

import { DEFAULT_BALANCE } from "./balancers/balance_plan.ts";
import { DEFAULT_RETRY } from "./retry/retry_plan.ts";
import type { EndpointPlan, InFlightPlan, TimeoutsPlan, UpstreamPlan } from "./upstream_plan.ts";

export const DEFAULT_TIMEOUTS: TimeoutsPlan = Object.freeze({
  connect: 2_000,
  tls: 3_000,
  head: 30_000,
  idle: 60_000,
  attempt: null,
  total: null,
  deadlineHeader: null,
});

export const DEFAULT_POOL: UpstreamPlan["pool"] = Object.freeze({ max: 256, idle: 60_000 });

export const DEFAULT_IN_FLIGHT: InFlightPlan = Object.freeze({
  total: null,
  perEndpoint: null,
  queue: 100,
  queueTimeout: 1_000,
});

/** Every setting but where the upstream is and which Host it is sent. */
export const DEFAULT_SETTINGS: Omit<UpstreamPlan, "name" | "endpoints" | "dns" | "host"> = Object.freeze({
  balance: DEFAULT_BALANCE,
  sticky: null,
  slowStart: 0,
  maxInFlight: DEFAULT_IN_FLIGHT,
  health: null,
  outliers: null,
  circuitBreakers: Object.freeze([]),
  timeouts: DEFAULT_TIMEOUTS,
  retry: DEFAULT_RETRY,
  hedge: null,
  pool: DEFAULT_POOL,
  tls: null,
  protocol: "h1",
  required: false,
});

/** An upstream of one endpoint, which is sent its own Host: what a policy calls a service by. */
export function defaultUpstream(name: string, endpoint: EndpointPlan): UpstreamPlan {
  return { ...DEFAULT_SETTINGS, name, endpoints: [endpoint], dns: null, host: "endpoint" };
}
