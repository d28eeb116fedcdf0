/** Metrics of upstreams: requests under way, the line before them, retries, DNS. @module */

import { family } from "../../telemetry/metrics/family.ts";
import type { Collector } from "../../telemetry/metrics/metrics_registry.ts";
import type { EndpointLatencies } from "../../upstreams/endpoint_latencies.ts";
import type { UpstreamReport } from "../../upstreams/upstream_report.ts";
import { breakerPoints } from "./breaker_metrics.ts";
import { endpointPoints, latencyPoints } from "./endpoint_metrics.ts";

const IN_FLIGHT = family({
  name: "gatewright_upstream_requests_in_flight",
  type: "gauge",
  help: "Requests on their way through an upstream, from admission to the end of the answer's body.",
  labels: ["upstream"],
});

const MOST_IN_FLIGHT = family({
  name: "gatewright_upstream_requests_in_flight_max",
  type: "gauge",
  help: "Requests that may be under way at once; missing where there is no limit.",
  labels: ["upstream"],
});

const WAITING = family({
  name: "gatewright_upstream_requests_waiting",
  type: "gauge",
  help: "Requests that wait for a place.",
  labels: ["upstream"],
});

const RETRIES = family({
  name: "gatewright_upstream_retries_total",
  type: "counter",
  help: "Retries and hedges that were sent.",
  labels: ["upstream"],
});

const IN_BUDGET = family({
  name: "gatewright_upstream_retries_in_budget",
  type: "gauge",
  help: "Retries and hedges that hold a place in the retry budget now, those that wait in backoff included.",
  labels: ["upstream"],
});

const RETRIES_REFUSED = family({
  name: "gatewright_upstream_retries_refused_total",
  type: "counter",
  help: "Retries that were not sent because the retry budget had no place for them in time.",
  labels: ["upstream"],
});

const ENDPOINTS = family({
  name: "gatewright_upstream_endpoints",
  type: "gauge",
  help: "Endpoints that are known, by state: usable, or why no request may be sent there now.",
  labels: ["upstream", "state"],
});

const RESOLVED = family({
  name: "gatewright_upstream_dns_resolved_timestamp_seconds",
  type: "gauge",
  unit: "seconds",
  help: "When DNS was last asked with success, in seconds since 1970; missing until then.",
  labels: ["upstream"],
});

const DNS_UP = family({
  name: "gatewright_upstream_dns_up",
  type: "gauge",
  help: "Whether the last question to DNS was answered: 1 or 0.",
  labels: ["upstream"],
});

/** Each state has a point, so that one which ends is seen to. */
const STATES = ["usable", "unhealthy", "ejected", "circuit open", "busy", "standby"] as const;

/** Where the numbers come from. */
export interface UpstreamSources {
  upstreams(): readonly UpstreamReport[];
  latencies(): readonly EndpointLatencies[];
}

/** Upstreams with their endpoints and breakers. */
export function upstreamMetrics(sources: UpstreamSources): Collector {
  return (out) => {
    for (const latencies of sources.latencies()) latencyPoints(out, latencies);
    for (const report of sources.upstreams()) {
      const { name, dns, endpoints, maxInFlight } = report;
      out.add(IN_FLIGHT, report.inFlight, name);
      if (maxInFlight !== null) out.add(MOST_IN_FLIGHT, maxInFlight, name);
      out.add(WAITING, report.waiting, name);
      out.add(RETRIES, report.retries.sent, name);
      out.add(IN_BUDGET, report.retries.inBudget, name);
      out.add(RETRIES_REFUSED, report.retries.refused, name);
      for (const state of STATES) {
        const count = endpoints.filter(({ withheld }) => (withheld ?? "usable") === state).length;
        out.add(ENDPOINTS, count, name, state.replace(" ", "-"));
      }
      if (dns !== null) {
        out.add(DNS_UP, dns.lastError === null ? 1 : 0, name);
        if (dns.lastResolved !== null) out.add(RESOLVED, Date.parse(dns.lastResolved) / 1_000, name);
      }
      if (report.breaker !== null) breakerPoints(out, report.breaker, name, "");
      for (const endpoint of endpoints) endpointPoints(out, endpoint, name);
    }
  };
}
