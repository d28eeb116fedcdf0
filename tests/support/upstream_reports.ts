/** Reports of upstreams, as a gateway gives them. @module */

import { EndpointLoad } from "../../src/upstreams/endpoint_load.ts";
import type { EndpointReport, UpstreamReport } from "../../src/upstreams/upstream_report.ts";

/** An endpoint with which nothing is wrong, as far as the test does not say otherwise. */
export function endpointReport(changes: Partial<EndpointReport> = {}): EndpointReport {
  return {
    id: "http://10.0.0.1:80",
    url: "http://10.0.0.1:80",
    tier: 0,
    weight: 1,
    configuredWeight: 1,
    withheld: null,
    inFlight: 0,
    maxInFlight: null,
    latency: 0,
    peakLatency: 0,
    errorRate: 0,
    attempts: 0,
    failures: 0,
    results: new EndpointLoad().results,
    health: null,
    breaker: null,
    ejection: null,
    ...changes,
  };
}

/** An upstream of one such endpoint, as far as the test does not say otherwise. */
export function upstreamReportOf(changes: Partial<UpstreamReport> = {}): UpstreamReport {
  return {
    name: "o",
    required: false,
    balance: "round-robin",
    inFlight: 0,
    maxInFlight: null,
    waiting: 0,
    retries: { sent: 0, inBudget: 0, refused: 0 },
    breaker: null,
    dns: null,
    endpoints: [endpointReport()],
    ...changes,
  };
}
