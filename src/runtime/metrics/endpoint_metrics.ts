/** Metrics of endpoints: attempts, health, ejections. @module */

import { family } from "../../telemetry/metrics/family.ts";
import { type Scrape, series } from "../../telemetry/metrics/scrape.ts";
import type { EndpointLatencies } from "../../upstreams/endpoint_latencies.ts";
import type { EndpointReport } from "../../upstreams/upstream_report.ts";
import { breakerPoints } from "./breaker_metrics.ts";

const ATTEMPTS = family({
  name: "gatewright_upstream_attempts_total",
  type: "counter",
  help:
    "Attempts by the class of the answer's status, or by what kept it away; without those that were given up because the client left or another attempt was quicker.",
  labels: ["upstream", "endpoint", "result"],
});

const LATENCY = family({
  name: "gatewright_upstream_attempt_duration_seconds",
  type: "histogram",
  unit: "seconds",
  help: "Time from the start of an attempt to the head of its answer, or to its failure.",
  labels: ["upstream", "endpoint"],
});

const IN_FLIGHT = family({
  name: "gatewright_endpoint_requests_in_flight",
  type: "gauge",
  help: "Attempts that are under way.",
  labels: ["upstream", "endpoint"],
});

const USABLE = family({
  name: "gatewright_endpoint_usable",
  type: "gauge",
  help: "Whether requests may be sent there now, all that speaks against it considered: 1 or 0.",
  labels: ["upstream", "endpoint"],
});

const UP = family({
  name: "gatewright_endpoint_up",
  type: "gauge",
  help: "Whether active health checks have nothing against it: 1 or 0; missing where it is not probed.",
  labels: ["upstream", "endpoint"],
});

const EJECTED = family({
  name: "gatewright_endpoint_ejected",
  type: "gauge",
  help: "Whether outlier detection keeps traffic away from it: 1 or 0; missing where nothing is ejected.",
  labels: ["upstream", "endpoint"],
});

const EJECTIONS = family({
  name: "gatewright_endpoint_ejections_total",
  type: "counter",
  help: "How often outlier detection has ejected it.",
  labels: ["upstream", "endpoint"],
});

const WEIGHT = family({
  name: "gatewright_endpoint_weight",
  type: "gauge",
  help: "Its weight at this moment: the configured one, less while it starts slowly.",
  labels: ["upstream", "endpoint"],
});

/** How long endpoints take. */
export function latencyPoints(out: Scrape, { upstream, endpoint, seconds }: EndpointLatencies): void {
  out.addHistogram(LATENCY, seconds, upstream, endpoint);
}

/** One endpoint as it is. */
export function endpointPoints(out: Scrape, endpoint: EndpointReport, upstream: string): void {
  const { id, results, health, ejection, breaker } = endpoint;
  // Made once for all of them: there may be a thousand endpoints.
  const labels = series(IN_FLIGHT, upstream, id);
  for (const [result, count] of Object.entries(results)) out.add(ATTEMPTS, count, upstream, id, result);
  out.put(IN_FLIGHT, labels, endpoint.inFlight);
  out.put(USABLE, labels, endpoint.withheld === null ? 1 : 0);
  out.put(WEIGHT, labels, endpoint.weight);
  if (health !== null) out.put(UP, labels, health.up ? 1 : 0);
  if (ejection !== null) {
    out.put(EJECTED, labels, ejection.ejected ? 1 : 0);
    out.put(EJECTIONS, labels, ejection.ejections);
  }
  if (breaker !== null) breakerPoints(out, breaker, upstream, id);
}
