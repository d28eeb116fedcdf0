import { strict as assert } from "node:assert";
import { silentLog } from "../../../src/core/log.ts";
import { exposition } from "../../../src/telemetry/metrics/exposition.ts";
import { MetricsRegistry } from "../../../src/telemetry/metrics/metrics_registry.ts";
import { RequestMetrics } from "../../../src/telemetry/metrics/request_metrics.ts";
import { completed } from "../../support/completed.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { promtool } from "../../support/promtool.ts";
import { requires } from "../../support/requires.ts";

const program = requires("promtool");

/** Requests of every kind that has metrics of its own. */
function text(): string {
  const registry = new MetricsRegistry(silentLog);
  const metrics = new RequestMetrics(
    { buckets: [0.005, 0.1, 1, 10], exemplars: true },
    ["GET /a/:id", 'q"\\\n'],
    new FakeClock(),
  );
  registry.collect((out) => metrics.collect(out));
  metrics.count(completed({ route: "GET /a/:id", traced: true, traceId: "aa", cache: "hit", auth: "passed" }));
  metrics.count(completed({ route: 'q"\\\n', status: 503, error: "upstream_timeout", limit: "refused" }));
  return exposition(registry.scrape(), null).text;
}

program.test("promtool finds nothing to say of the metrics of requests", async () => {
  assert.equal(await promtool(program, ["check", "metrics"], text()), "");
});

program.test("promtool does find what is wrong: this test can fail", async () => {
  const wrong = text().replace("# HELP http_requests_total", "# HELP http_requests_seen");
  assert.match(await promtool(program, ["check", "metrics"], wrong), /http_requests_total.*help/);
});
