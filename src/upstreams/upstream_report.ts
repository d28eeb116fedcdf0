/** An upstream and its endpoints at one moment, as people and programs look at them. @module */

import type { BreakerState, CircuitBreaker } from "./breaker/circuit_breaker.ts";
import type { DnsEndpoints } from "./discovery/dns_endpoints.ts";
import type { EjectionReport } from "./health/outlier_detection.ts";
import type { HealthCheck } from "./health/health_check.ts";
import type { AttemptCounts } from "./endpoint_load.ts";
import type { LiveEndpoint } from "./live_endpoint.ts";
import type { Upstream } from "./upstream.ts";

/** Plain JSON. Durations are milliseconds, dates ISO 8601; limits that there are not are `null`. */
export interface UpstreamReport {
  readonly name: string;
  /** Whether the gateway is ready only while one of its endpoints may take requests. */
  readonly required: boolean;
  readonly balance: string;
  /** Requests under way, those that wait for a place, and how many there may be. */
  readonly inFlight: number;
  readonly maxInFlight: number | null;
  readonly waiting: number;
  /** Second tries and hedges: so far, those that hold a place in the retry budget, and second tries that found none. */
  readonly retries: { readonly sent: number; readonly inBudget: number; readonly refused: number };
  /** Of the upstream as a whole; `null`: it has none. */
  readonly breaker: BreakerReport | null;
  /** `null`: the list is static. */
  readonly dns: DnsReport | null;
  readonly endpoints: readonly EndpointReport[];
}

export interface BreakerReport {
  readonly state: BreakerState;
  /** How long it lets nothing pass; 0 where it does. */
  readonly opensFor: number;
}

export interface DnsReport {
  /** `null`: never. */
  readonly lastResolved: string | null;
  /** Why the last lookup failed; `null` where it went well. */
  readonly lastError: string | null;
  /** `null`: one is under way. */
  readonly nextIn: number | null;
}

export interface EndpointReport {
  readonly id: string;
  readonly url: string;
  readonly tier: number;
  /** The weight at this moment, and the configured one. */
  readonly weight: number;
  readonly configuredWeight: number;
  /** Why no request may be sent to it now: unhealthy, ejected, circuit open, busy, standby; `null`: it may. */
  readonly withheld: "unhealthy" | "ejected" | "circuit open" | "busy" | "standby" | null;
  readonly inFlight: number;
  readonly maxInFlight: number | null;
  /** Averages that forget: to the head of an answer, the same with slower answers in full, and the share of failures. */
  readonly latency: number;
  readonly peakLatency: number;
  readonly errorRate: number;
  readonly attempts: number;
  readonly failures: number;
  /** All of them by what they came to. */
  readonly results: AttemptCounts;
  /** `null`: it is not probed. */
  readonly health: HealthReport | null;
  /** `null`: it has none. */
  readonly breaker: BreakerReport | null;
  /** `null`: nothing is ejected here. */
  readonly ejection: {
    readonly ejected: boolean;
    readonly until: string | null;
    readonly why: string;
    readonly ejections: number;
  } | null;
}

export interface HealthReport {
  readonly up: boolean;
  /** `null`: there was none yet. */
  readonly lastProbe: {
    readonly passed: boolean;
    readonly reason: string;
    readonly at: string;
    readonly duration: number;
    /** Probes with this result in a row. */
    readonly inARow: number;
  } | null;
}

/** What there is to know of an upstream now. */
export function upstreamReport(upstream: Upstream): UpstreamReport {
  const { name, plan, load, breaker, dns, endpoints, eligibility, outliers } = upstream;
  const ejections = new Map(outliers?.report().map((ejection) => [ejection.id, ejection]));
  const eligible = new Set(eligibility.now);
  return {
    name,
    required: plan.required,
    balance: plan.balance.kind === "custom" ? plan.balance.balancer.name : plan.balance.kind,
    inFlight: load.active,
    maxInFlight: plan.maxInFlight.total,
    waiting: load.waiting,
    retries: { sent: load.repeats, inBudget: load.budget.taken, refused: load.refusedRepeats },
    breaker: breakerReport(breaker),
    dns: dnsReport(dns),
    endpoints: endpoints.map((endpoint) => ({
      ...endpointReport(endpoint),
      withheld: eligible.has(endpoint) ? null : reasonFor(endpoint),
      ejection: ejectionReport(ejections.get(endpoint.id)),
    })),
  };
}

function endpointReport(endpoint: LiveEndpoint): Omit<EndpointReport, "withheld" | "ejection"> {
  const { id, plan, weight, load, health, breaker, maxInFlight } = endpoint;
  return {
    id,
    url: plan.url,
    tier: plan.tier,
    weight: rounded(weight),
    configuredWeight: plan.weight,
    inFlight: load.inFlight,
    maxInFlight: maxInFlight === Infinity ? null : maxInFlight,
    latency: rounded(load.latency),
    peakLatency: rounded(load.peakLatency),
    errorRate: rounded(load.errorRate),
    attempts: load.attempts,
    failures: load.failures,
    results: load.results,
    health: healthReport(health),
    breaker: breakerReport(breaker),
  };
}

function reasonFor({ up, ejected, breaker, full }: LiveEndpoint): EndpointReport["withheld"] {
  if (!up) return "unhealthy";
  if (ejected) return "ejected";
  if (breaker !== null && !breaker.admits) return "circuit open";
  return full ? "busy" : "standby";
}

function breakerReport(breaker: CircuitBreaker | null): BreakerReport | null {
  return breaker === null ? null : { state: breaker.state, opensFor: Math.round(breaker.opensFor) };
}

function healthReport(health: HealthCheck | null): HealthReport | null {
  if (health === null) return null;
  const { up, lastProbe } = health;
  if (lastProbe === null) return { up, lastProbe };
  return { up, lastProbe: { ...lastProbe, at: isoText(lastProbe.at), duration: rounded(lastProbe.duration) } };
}

function dnsReport(dns: DnsEndpoints | null): DnsReport | null {
  if (dns === null) return null;
  const { lastResolved, lastError, nextIn } = dns.status;
  return {
    lastResolved: lastResolved === null ? null : isoText(lastResolved),
    lastError,
    nextIn: nextIn === null ? null : Math.round(nextIn),
  };
}

function ejectionReport(ejection: EjectionReport | undefined): EndpointReport["ejection"] {
  if (ejection === undefined) return null;
  const { ejected, until, why, ejections } = ejection;
  return { ejected, until: until === null ? null : isoText(until), why, ejections };
}

function isoText(wall: number): string {
  return new Date(wall).toISOString();
}

/** To the thousandth. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
