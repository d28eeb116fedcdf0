/** What metrics cost each request, and each scrape: `deno bench bench/metrics_bench.ts`. @module */

import { systemClock } from "../src/core/clock.ts";
import { Events, type RequestCompleted } from "../src/core/events.ts";
import { silentLog } from "../src/core/log.ts";
import { exposition } from "../src/telemetry/metrics/exposition.ts";
import { Histogram } from "../src/telemetry/metrics/histogram.ts";
import { MetricsRegistry } from "../src/telemetry/metrics/metrics_registry.ts";
import { RequestMetrics } from "../src/telemetry/metrics/request_metrics.ts";
import { SecondSummary } from "../src/telemetry/metrics/second_summary.ts";
import { completed } from "../tests/support/completed.ts";

/** Requests in one measured run: divide the figures by it. */
const RUN = 1000;
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const ROUTES = Array.from({ length: 100 }, (_, i) => `GET /api/v1/resource-${i}/:id`);
const METHODS = ["GET", "GET", "GET", "POST", "PUT", "DELETE"];
const OUTCOMES = ["hit", "miss", "hit", "stale"] as const;

const EVENTS: RequestCompleted[] = Array.from({ length: 512 }, (_, i) =>
  completed({
    // Engines cut the method out of the head: it is no constant.
    method: ` ${METHODS[i % METHODS.length]} `.slice(1, -1),
    path: `/api/v1/resource-${i}/7`,
    host: "api.example.com",
    route: ROUTES[i * 7 % ROUTES.length],
    status: i % 50 === 0 ? 503 : i % 9 === 0 ? 404 : 200,
    duration: 0.5 + (i * 37 % 211) * 0.137,
    bytesOut: 207 + i,
    endpoint: "users/http://127.0.0.1:9001",
    attempts: 1,
    requestId: `0f3c9a77b1e24d5${i}`,
    client: `10.1.2.${i & 255}`,
    error: i % 50 === 0 ? "upstream_timeout" : "",
  }));
const TRACED = EVENTS.map((event, i) => ({
  ...event,
  traced: i % 100 === 0,
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
}));
const POLICED = EVENTS.map((event, i) => ({ ...event, cache: OUTCOMES[i & 3], auth: "passed" as const }));

function bench(name: string, events: readonly RequestCompleted[], listener: (event: RequestCompleted) => void): void {
  const bus = new Events();
  bus.on("request.completed", listener);
  let at = 0;
  Deno.bench(`${name}, ${RUN} requests`, { group: "a request" }, () => {
    for (let i = 0; i < RUN; i++) bus.emit("request.completed", events[at++ & 511]);
  });
}

const plan = { buckets: BUCKETS, exemplars: true };
let heard = 0;
bench("an event that nobody counts", EVENTS, (event) => void (heard += event.status));
const plain = new RequestMetrics(plan, ROUTES, systemClock);
bench("counted", EVENTS, (event) => plain.count(event));
const traced = new RequestMetrics(plan, ROUTES, systemClock);
bench("counted, 1 % traced", TRACED, (event) => traced.count(event));
const policed = new RequestMetrics(plan, ROUTES, systemClock);
bench("counted, with identity and cache", POLICED, (event) => policed.count(event));
const summary = new SecondSummary();
bench("in the summary of each second", EVENTS, (event) => summary.count(event));

const histogram = new Histogram(BUCKETS);
Deno.bench(`Histogram.observe(), ${RUN} times`, { group: "a request" }, () => {
  for (let i = 0; i < RUN; i++) histogram.observe(EVENTS[i & 511].duration / 1000);
});

const registry = new MetricsRegistry(silentLog);
registry.collect((out) => plain.collect(out));
for (const event of EVENTS) plain.count(event);
Deno.bench("scrape of 100 routes, Prometheus text", { group: "a scrape" }, () => {
  heard += exposition(registry.scrape(), null).text.length;
});
Deno.bench("scrape of 100 routes, OpenMetrics", { group: "a scrape" }, () => {
  heard += exposition(registry.scrape(), "application/openmetrics-text").text.length;
});
