import { strict as assert } from "node:assert";
import { cache, defineGateway } from "gatewright";
import { gatewayMetrics } from "../../../src/runtime/metrics/gateway_metrics.ts";
import { exposition } from "../../../src/telemetry/metrics/exposition.ts";
import { MetricsRegistry } from "../../../src/telemetry/metrics/metrics_registry.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { promtool } from "../../support/promtool.ts";
import { requires } from "../../support/requires.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { failingLog } from "./collected.ts";

const program = requires("promtool");

program.test("promtool finds nothing to say of the metrics of a gateway at work", async () => {
  const clock = new FakeClock(), registry = new MetricsRegistry(failingLog);
  const metrics = (accept: string | null) => exposition(registry.scrape(), accept);
  await using origin = await ScriptedOrigin.start(answer(200, "here", "cache-control: max-age=60"));
  const config = defineGateway({
    upstreams: {
      o: { endpoints: [origin.url], circuitBreaker: {}, outliers: {}, health: { path: "/up" }, required: true },
    },
    routes: [{ path: "/*", policies: [cache()], upstream: "o" }],
  });
  await using gateway = TestGateway.start(config, { clock, metrics }, { expose: ["metrics"] });
  const losses = () => ({ access_log: 0, log: 0, spans: 0 });
  const end = gatewayMetrics(registry, gateway.gateway, { version: "0.0.0", losses, clock });
  await using client = await gateway.connect();
  await client.exchange("GET /a HTTP/1.1\r\nhost: a.example\r\n\r\n");
  const { text } = await client.exchange("GET /metrics HTTP/1.1\r\nhost: a.example\r\n\r\n");
  assert.equal(await promtool(program, ["check", "metrics"], text), "");
  for (
    const line of [
      "gatewright_ready 1",
      `http_requests_in_flight{listener="127.0.0.1:${gateway.port}"} 1`,
      `gatewright_upstream_attempts_total{upstream="o",endpoint="o/${origin.url}",result="2xx"} 1`,
      `gatewright_breaker_state{upstream="o",endpoint="o/${origin.url}",state="closed"} 1`,
      `gatewright_endpoint_up{upstream="o",endpoint="o/${origin.url}"} 1`,
    ]
  ) assert.ok(text.includes(line + "\n"), line);
  end();
  assert.deepEqual(registry.scrape(), [], "nothing is left behind");
});
