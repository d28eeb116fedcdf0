/** An upstream and its endpoints at one moment, as people and programs look at them. @module */

import type { BreakerState } from "./breaker/circuit_breaker.ts";
import type { DnsDiscoveryStatus } from "./discovery/dns_discovery.ts";
import type { EjectionReport } from "./health/outlier_detection.ts";
import type { ProbeReport } from "./health/health_check.ts";
import type { LiveEndpoint } from "./live_endpoint.ts";
import type { Upstream } from "./upstream.ts";

/** Plain JSON. Times are milliseconds. */
export interface UpstreamReport {
  readonly name: string;
  readonly balance: string;
  /** Requests under way, and those that wait for a place. */
  readonly inFlight: number;
  readonly waiting: number;
  /** Retries and hedges so far, and those that hold a place in the budget now. */
  readonly repeats: number;
  readonly repeating: number;
  /** Of the upstream as a whole; `null`: it has none. */
  readonly breaker: BreakerState | null;
  /** `null`: the list is static. */
  readonly dns: DnsDiscoveryStatus | null;
  readonly endpoints: readonly EndpointReport[];
}

export interface EndpointReport {
  readonly id: string;
  readonly url: string;
  readonly tier: number;
  /** The weight at this moment, and the configured one. */
  readonly weight: number;
  readonly configuredWeight: number;
  /** Whether a request may be sent to it now. */
  readonly eligible: boolean;
  readonly inFlight: number;
  /** Averages that forget: to the head of an answer, the same with slower answers in full, and the share of failures. */
  readonly latency: number;
  readonly peakLatency: number;
  readonly errorRate: number;
  readonly attempts: number;
  readonly failures: number;
  /** `null`: it is not probed. */
  readonly health: { readonly up: boolean; readonly lastProbe: ProbeReport | null } | null;
  /** `null`: it has none. */
  readonly breaker: BreakerState | null;
  /** `null`: nothing is ejected here. */
  readonly ejection: Omit<EjectionReport, "id"> | null;
}

/** What there is to know of an upstream now. */
export function upstreamReport(upstream: Upstream): UpstreamReport {
  const { name, plan, load, breaker, dns, endpoints, eligibility, outliers } = upstream;
  const ejections = new Map(outliers?.report().map(({ id, ...ejection }) => [id, ejection]));
  const eligible = new Set(eligibility.now);
  return {
    name,
    balance: plan.balance.kind === "custom" ? plan.balance.balancer.name : plan.balance.kind,
    inFlight: load.active,
    waiting: load.waiting,
    repeats: load.repeats,
    repeating: load.budget.taken,
    breaker: breaker?.state ?? null,
    dns: dns?.status ?? null,
    endpoints: endpoints.map((endpoint) => ({
      ...endpointReport(endpoint),
      eligible: eligible.has(endpoint),
      ejection: ejections.get(endpoint.id) ?? null,
    })),
  };
}

function endpointReport(endpoint: LiveEndpoint): Omit<EndpointReport, "eligible" | "ejection"> {
  const { id, plan, weight, load, health, breaker } = endpoint;
  return {
    id,
    url: plan.url,
    tier: plan.tier,
    weight,
    configuredWeight: plan.weight,
    inFlight: load.inFlight,
    latency: rounded(load.latency),
    peakLatency: rounded(load.peakLatency),
    errorRate: rounded(load.errorRate),
    attempts: load.attempts,
    failures: load.failures,
    health: health === null ? null : { up: health.up, lastProbe: health.lastProbe },
    breaker: breaker?.state ?? null,
  };
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
