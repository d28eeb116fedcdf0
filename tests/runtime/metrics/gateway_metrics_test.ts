import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { gatewayMetrics, type MeteredGateway } from "../../../src/runtime/metrics/gateway_metrics.ts";
import { MetricsRegistry } from "../../../src/telemetry/metrics/metrics_registry.ts";
import { prometheusText } from "../../../src/telemetry/metrics/prometheus_text.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failingLog } from "./collected.ts";

const LISTENER = {
  listening: true,
  requests: 0,
  inFlight: 0,
  tunnels: { websocket: 0, other: 0 },
  certificates: [],
  connections: null,
};

/** A gateway without traffic that listens there. */
function gatewayAt(addresses: MeteredGateway["addresses"]): MeteredGateway {
  return {
    events: new Events(),
    addresses,
    draining: false,
    listeners: () => addresses.map(() => LISTENER),
    notReadyReasons: () => [],
    configState: () => ({ generation: 1, since: 0, lastReload: "none" }),
    knobs: () => [],
    upstreams: () => [],
    latencies: () => [],
    caches: () => [],
  };
}

function watch(gateway: MeteredGateway, registry: MetricsRegistry, clock = new FakeClock()) {
  return gatewayMetrics(registry, gateway, { version: "0.0.0", losses: () => ({}), clock });
}

Deno.test("gatewayMetrics() calls listeners by their addresses", () => {
  const registry = new MetricsRegistry(failingLog);
  const end = watch(
    gatewayAt([
      { hostname: "0.0.0.0", port: 80 },
      { hostname: "::1", port: 80 },
      { hostname: "/run/gw.sock", port: 0 },
    ]),
    registry,
  );
  const names = [...prometheusText(registry.scrape()).matchAll(/^gatewright_listener_up\{listener="(.*)"\} 1$/gm)];
  assert.deepEqual(names.map(([, name]) => name), ["0.0.0.0:80", "[::1]:80", "/run/gw.sock"]);
  end();
});

Deno.test("gatewayMetrics() leaves no collector, no timer and no listener behind when it is ended", () => {
  const registry = new MetricsRegistry(failingLog), clock = new FakeClock(), gateway = gatewayAt([]);
  let heard = 0;
  const on = gateway.events.on.bind(gateway.events);
  gateway.events.on = (type, listener) => {
    heard++;
    const stop = on(type, listener);
    return () => {
      heard--;
      stop();
    };
  };
  const end = watch(gateway, registry, clock);
  assert.ok(heard > 0 && clock.pending > 0);
  end();
  assert.deepEqual([heard, clock.pending, registry.scrape()], [0, 0, []]);
});
