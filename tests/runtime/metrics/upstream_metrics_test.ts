import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { BreakerChanges } from "../../../src/runtime/metrics/breaker_metrics.ts";
import { upstreamMetrics } from "../../../src/runtime/metrics/upstream_metrics.ts";
import { Histogram } from "../../../src/telemetry/metrics/histogram.ts";
import { EndpointLoad } from "../../../src/upstreams/endpoint_load.ts";
import type { UpstreamReport } from "../../../src/upstreams/upstream_report.ts";
import { endpointReport, upstreamReportOf } from "../../support/upstream_reports.ts";
import { linesOf } from "./collected.ts";

function lines(report: UpstreamReport): string[] {
  return linesOf(upstreamMetrics({ upstreams: () => [report], latencies: () => [] }));
}

/** Those whose names begin so, without that. */
function those(all: readonly string[], prefix: string): string[] {
  return all.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
}

Deno.test("upstreamMetrics() tells load, line, retries and budget", () => {
  const all = lines(upstreamReportOf({
    name: "users",
    inFlight: 3,
    maxInFlight: 10,
    waiting: 2,
    retries: { sent: 7, inBudget: 1, refused: 5 },
  }));
  for (
    const line of [
      'gatewright_upstream_requests_in_flight{upstream="users"} 3',
      'gatewright_upstream_requests_in_flight_max{upstream="users"} 10',
      'gatewright_upstream_requests_waiting{upstream="users"} 2',
      'gatewright_upstream_retries_total{upstream="users"} 7',
      'gatewright_upstream_retries_in_budget{upstream="users"} 1',
      'gatewright_upstream_retries_refused_total{upstream="users"} 5',
    ]
  ) assert.ok(all.includes(line), line);
  assert.deepEqual(those(lines(upstreamReportOf()), "gatewright_upstream_requests_in_flight_max"), [], "no limit");
});

Deno.test("upstreamMetrics() tells attempts of each endpoint by what they came to", () => {
  const load = new EndpointLoad();
  load.heard(10, 200, 0);
  load.heard(10, 204, 0);
  load.heard(10, 503, 0);
  const all = lines(upstreamReportOf({ endpoints: [endpointReport({ id: "e", results: load.results })] }));
  const attempts = those(all, 'gatewright_upstream_attempts_total{upstream="o",endpoint="e",result=');
  assert.deepEqual(attempts.filter((line) => !line.endsWith(" 0")), ['"2xx"} 2', '"5xx"} 1']);
});

Deno.test("upstreamMetrics() tells latencies", () => {
  const seconds = new Histogram([0.1, 1]);
  seconds.observe(0.05);
  seconds.observe(5);
  const latencies = () => [{ upstream: "o", endpoint: "e", seconds }];
  assert.deepEqual(linesOf(upstreamMetrics({ upstreams: () => [], latencies })), [
    'gatewright_upstream_attempt_duration_seconds_bucket{upstream="o",endpoint="e",le="0.1"} 1',
    'gatewright_upstream_attempt_duration_seconds_bucket{upstream="o",endpoint="e",le="1.0"} 1',
    'gatewright_upstream_attempt_duration_seconds_bucket{upstream="o",endpoint="e",le="+Inf"} 2',
    'gatewright_upstream_attempt_duration_seconds_sum{upstream="o",endpoint="e"} 5.05',
    'gatewright_upstream_attempt_duration_seconds_count{upstream="o",endpoint="e"} 2',
  ]);
});

Deno.test("upstreamMetrics() counts endpoints by state, a state without any being 0", () => {
  const endpoints = [null, null, "unhealthy", "circuit open"] as const;
  const all = lines(upstreamReportOf({
    endpoints: endpoints.map((withheld, i) => endpointReport({ id: `e${i}`, withheld })),
  }));
  assert.deepEqual(those(all, 'gatewright_upstream_endpoints{upstream="o",state='), [
    '"usable"} 2',
    '"unhealthy"} 1',
    '"ejected"} 0',
    '"circuit-open"} 1',
    '"busy"} 0',
    '"standby"} 0',
  ]);
  assert.deepEqual(those(all, "gatewright_endpoint_usable{").map((line) => line.slice(-1)), ["1", "1", "0", "0"]);
});

Deno.test("upstreamMetrics() tells health and ejection where there is any, and nothing where there is none", () => {
  const plain = lines(upstreamReportOf());
  assert.deepEqual([...those(plain, "gatewright_endpoint_up"), ...those(plain, "gatewright_endpoint_eject")], []);
  const ejection = { ejected: true, until: null, why: "x", ejections: 4 };
  const health = { up: false, lastProbe: null };
  const all = lines(upstreamReportOf({ endpoints: [endpointReport({ id: "e", health, ejection })] }));
  assert.deepEqual(those(all, "gatewright_endpoint_up"), ['{upstream="o",endpoint="e"} 0']);
  assert.deepEqual(those(all, "gatewright_endpoint_eject"), [
    'ed{upstream="o",endpoint="e"} 1',
    'ions_total{upstream="o",endpoint="e"} 4',
  ]);
});

Deno.test("upstreamMetrics() tells breakers: 1 for the state that they are in", () => {
  const all = lines(upstreamReportOf({
    breaker: { state: "closed", opensFor: 0 },
    endpoints: [endpointReport({ id: "e", breaker: { state: "half-open", opensFor: 0 } })],
  }));
  assert.deepEqual(those(all, "gatewright_breaker_state"), [
    '{upstream="o",endpoint="",state="closed"} 1',
    '{upstream="o",endpoint="",state="open"} 0',
    '{upstream="o",endpoint="",state="half-open"} 0',
    '{upstream="o",endpoint="e",state="closed"} 0',
    '{upstream="o",endpoint="e",state="open"} 0',
    '{upstream="o",endpoint="e",state="half-open"} 1',
  ]);
});

Deno.test("upstreamMetrics() tells whether DNS answers, and when it last did", () => {
  const dns = { lastResolved: "2001-09-09T01:46:40.000Z", lastError: "NXDOMAIN", nextIn: 1 };
  assert.deepEqual(those(lines(upstreamReportOf({ dns })), "gatewright_upstream_dns_"), [
    'up{upstream="o"} 0',
    'resolved_timestamp_seconds{upstream="o"} 1000000000',
  ]);
  const first = { lastResolved: null, lastError: null, nextIn: null };
  assert.deepEqual(those(lines(upstreamReportOf({ dns: first })), "gatewright_upstream_dns_"), ['up{upstream="o"} 1']);
});

Deno.test("BreakerChanges counts what opens and closes between two scrapes, until it is closed", () => {
  const events = new Events(), changes = new BreakerChanges(events);
  const change = { upstream: "o", endpoint: "e", from: "closed", to: "open" } as const;
  events.emit("breaker.changed", change);
  events.emit("breaker.changed", { ...change, from: "open", to: "half-open" });
  events.emit("breaker.changed", { ...change, from: "half-open", to: "open" });
  const seen = [
    'gatewright_breaker_changes_total{upstream="o",endpoint="e",to="open"} 2',
    'gatewright_breaker_changes_total{upstream="o",endpoint="e",to="half-open"} 1',
  ];
  assert.deepEqual(linesOf(changes.collect), seen);
  changes.close();
  events.emit("breaker.changed", change);
  assert.deepEqual(linesOf(changes.collect), seen);
});
