/** Upstreams as the plan has them: defaults filled in, names resolved. Times are milliseconds, sizes bytes. @module */

import type { NetAddress } from "../core/net_address.ts";
import type { Secret } from "../core/secret.ts";
import type { BalancePlan } from "./balancers/balance_plan.ts";
import type { BreakerPlan } from "./breaker/breaker_plan.ts";
import type { DnsPlan } from "./discovery/dns_plan.ts";
import type { HealthPlan } from "./health/health_plan.ts";
import type { OutlierPlan } from "./health/outlier_plan.ts";
import type { HedgePlan, RetryPlan } from "./retry/retry_plan.ts";

export interface UpstreamPlan extends HopPlan {
  readonly name: string;
  /** The static list; empty where {@link dns} finds them. */
  readonly endpoints: readonly EndpointPlan[];
  /** `null`: the list is static. */
  readonly dns: DnsPlan | null;
  readonly balance: BalancePlan;
  readonly sticky: StickyPlan | null;
  /** How long an endpoint that comes (back) takes to its full share; 0: none. */
  readonly slowStart: number;
  readonly maxInFlight: InFlightPlan;
  readonly health: HealthPlan | null;
  readonly outliers: OutlierPlan | null;
  /** At most one for each `per`. */
  readonly circuitBreakers: readonly BreakerPlan[];
  /** Host header sent upstream: the client's, the endpoint's, or this text. */
  readonly host: "client" | "endpoint" | { readonly value: string };
  /** Connections per endpoint, and how long an idle one is kept. */
  readonly pool: { readonly max: number; readonly idle: number };
  readonly tls: UpstreamTlsPlan | null;
  /** `h2`: by ALPN over TLS, with prior knowledge (h2c) in cleartext; then no endpoint is a Unix socket. */
  readonly protocol: "h1" | "h2";
  /** Whether the gateway is ready only while one of its endpoints may take requests. */
  readonly required: boolean;
}

/** What is of one exchange: an upstream has it, and a route may have its own. */
export interface HopPlan {
  readonly timeouts: TimeoutsPlan;
  /** `null`: one try. */
  readonly retry: RetryPlan | null;
  readonly hedge: HedgePlan | null;
}

export interface TimeoutsPlan {
  readonly connect: number;
  readonly tls: number;
  readonly head: number;
  readonly idle: number;
  /** One try, from its start to the head of its answer; `null`: no limit but the others. */
  readonly attempt: number | null;
  /** The whole, from the request's arrival at the upstream hop to the last byte of the answer; `null`: no limit. */
  readonly total: number | null;
  /** Field, in lower case, in which a client says how long it waits; it may shorten `total`. `null`: none is read. */
  readonly deadlineHeader: string | null;
}

/** Requests under way at once; `null`: no limit. */
export interface InFlightPlan {
  readonly total: number | null;
  /** For endpoints that say nothing themselves. */
  readonly perEndpoint: number | null;
  /** How many may wait for a place, and how long. */
  readonly queue: number;
  readonly queueTimeout: number;
}

/** A cookie that leads a client back to its endpoint. */
export interface StickyPlan {
  readonly cookie: string;
  readonly secret: Secret;
  /** `null`: until the browser closes. */
  readonly ttl: number | null;
}

export interface UpstreamTlsPlan {
  readonly serverName: string | null;
  readonly ca: Secret | null;
  readonly cert: Secret | null;
  readonly key: Secret | null;
  readonly insecureSkipVerify: boolean;
}

export interface EndpointPlan {
  /** `<upstream>/<url>`. */
  readonly id: string;
  readonly url: string;
  readonly scheme: "http" | "https";
  readonly address: NetAddress;
  readonly weight: number;
  /** Endpoints of a tier are used while no lower tier has one that can be: 0 are the ordinary ones, 1 `backup: true`. */
  readonly tier: number;
  /** `null`: the upstream's `perEndpoint`. */
  readonly maxInFlight: number | null;
  /** What `start` brings up behind this address, or `null` for a real endpoint. */
  readonly demo: DemoPlan | null;
}

export type DemoPlan =
  | { readonly kind: "fast" | "echo" }
  | { readonly kind: "slow"; readonly delay: number }
  | { readonly kind: "faulty"; readonly failureRate: number };
