import { strict as assert } from "node:assert";
import type { RequestCompleted } from "../../../src/core/events.ts";
import { silentLog } from "../../../src/core/log.ts";
import { countOf, type Histogram } from "../../../src/telemetry/metrics/histogram.ts";
import { MetricsRegistry } from "../../../src/telemetry/metrics/metrics_registry.ts";
import { RequestMetrics } from "../../../src/telemetry/metrics/request_metrics.ts";
import { completed } from "../../support/completed.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const PLAN = { buckets: [0.01, 0.1, 1], exemplars: true };

function setUp(routes = ["home", "shop"], plan = PLAN) {
  const metrics = new RequestMetrics(plan, routes, new FakeClock({ wall: 1_500 }));
  const registry = new MetricsRegistry(silentLog);
  registry.collect((out) => metrics.collect(out));
  return {
    metrics,
    count: (...events: Partial<RequestCompleted>[]) => events.forEach((event) => metrics.count(completed(event))),
    /** Label values, joined, and the value of each point. */
    points(name: string) {
      const found = registry.scrape().find(({ family }) => family.name === name);
      return Object.fromEntries(found?.points.map(({ labels, value }) => [labels.join(" "), value]) ?? []);
    },
  };
}

Deno.test("requests are counted by method, route, class of status and status", () => {
  const { count, points } = setUp();
  count({}, {}, { status: 404 }, { method: "POST", status: 201 }, { route: "shop", status: 503 });
  assert.deepEqual(points("http_requests_total"), {
    "GET home 2xx 200": 2,
    "GET home 4xx 404": 1,
    "POST home 2xx 201": 1,
    "GET shop 5xx 503": 1,
  });
});

Deno.test("durations are seconds by method and route, and bytes are added up", () => {
  const { count, points } = setUp();
  count({ duration: 10, bytesIn: 5, bytesOut: 7 }, { duration: 500, bytesIn: 1, bytesOut: 1 });
  const durations = points("http_request_duration_seconds")["GET home"] as Histogram;
  assert.deepEqual([[...durations.counts], durations.sum], [[1, 0, 1, 0], 0.51]);
  assert.deepEqual(points("http_request_body_bytes_total"), { "GET home": 6 });
  assert.deepEqual(points("http_response_body_bytes_total"), { "GET home": 8 });
});

Deno.test("what clients make up is no label: methods, and paths that no route takes", () => {
  const { count, points } = setUp();
  for (let i = 0; i < 1000; i++) {
    count({ method: `M${i}`, path: `/${i}`, route: "", status: 404, error: "route_not_found" });
  }
  assert.deepEqual(points("http_requests_total"), { "_OTHER  4xx 404": 1000 });
  assert.deepEqual(points("gatewright_request_errors_total"), { " route_not_found": 1000 });
});

Deno.test("codes without end are counted together beyond the first 200", () => {
  const { count, points } = setUp();
  for (let i = 0; i < 1000; i++) count({ error: `code_${i}` }, { error: "code_0" });
  const errors = points("gatewright_request_errors_total");
  assert.equal(Object.keys(errors).length, 201);
  assert.equal(errors["home _other"], 800);
  assert.equal(errors["home code_0"], 1001);
});

Deno.test("outcomes of caches, limits and identity are counted by route, where there are any", () => {
  const { count, points } = setUp();
  count({}, { cache: "hit" }, { cache: "hit", auth: "passed" }, { cache: "miss" }, { limit: "refused", status: 429 });
  assert.deepEqual(points("gatewright_cache_outcomes_total"), { "home hit": 2, "home miss": 1 });
  assert.deepEqual(points("gatewright_auth_outcomes_total"), { "home passed": 1 });
  assert.deepEqual(points("gatewright_limit_outcomes_total"), { "home refused": 1 });
});

Deno.test("tunnels are counted, and their time is in no bucket", () => {
  const { count, points } = setUp();
  count({ status: 101, duration: 3_600_000 }, { method: "CONNECT", status: 200, duration: 3_600_000 });
  count({ method: "CONNECT", status: 502 });
  assert.deepEqual(Object.values(points("http_requests_total")), [1, 1, 1]);
  const durations = points("http_request_duration_seconds");
  assert.deepEqual(Object.entries(durations).map(([key, value]) => [key, countOf(value as Histogram)]), [
    ["GET home", 0],
    ["CONNECT home", 1],
  ]);
});

Deno.test("a bucket names the latest trace that is recorded, if the plan says so", () => {
  const traced = { traced: true, traceId: "aa" }, untraced = { traced: false, traceId: "bb" };
  const { count, points } = setUp();
  count(traced, untraced);
  const { exemplars } = points("http_request_duration_seconds")["GET home"] as Histogram;
  assert.deepEqual(exemplars?.[0], { traceId: "aa", value: 0.01, at: 1.5 });
  const plain = setUp(["home"], { ...PLAN, exemplars: false });
  plain.count(traced);
  assert.equal((plain.points("http_request_duration_seconds")["GET home"] as Histogram).exemplars, null);
});

Deno.test("setRoutes() lets routes that stay go on, and drops those that are gone", () => {
  const { metrics, count, points } = setUp(["home", "shop"]);
  count({ route: "home" }, { route: "shop" });
  metrics.setRoutes(["home", "new"]);
  count({ route: "home" }, { route: "shop" }, { route: "new" });
  assert.deepEqual(points("http_requests_total"), { "GET  2xx 200": 1, "GET home 2xx 200": 2, "GET new 2xx 200": 1 });
});
