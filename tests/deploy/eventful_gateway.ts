/** A gateway to which everything happens that boards show. @module */

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { apiKey, cache, defineGateway, rateLimit } from "gatewright";
import { systemClock } from "../../src/core/clock.ts";
import { silentLog } from "../../src/core/log.ts";
import { systemRandom } from "../../src/core/random.ts";
import type { Secret } from "../../src/core/secret.ts";
import { gatewayMetrics } from "../../src/runtime/metrics/gateway_metrics.ts";
import { listenerMetrics } from "../../src/runtime/metrics/listener_metrics.ts";
import { exposition } from "../../src/telemetry/metrics/exposition.ts";
import { startMetrics } from "../../src/telemetry/metrics/start_metrics.ts";
import { certificateDirectory } from "../support/certificates.ts";
import { eventually } from "../support/redis_server.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { ScriptedOrigin } from "../support/scripted_origin.ts";
import { steadyPort } from "../support/steady_port.ts";
import { TestGateway } from "../support/test_gateway.ts";
import type { TimedScrape } from "./prometheus_server.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const AWAY = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
const KEY = "a-key-of-enough-characters";

const readFile = ({ file = "" }: Secret) => ({ value: Deno.readTextFileSync(file) });

/** Requests of one round: what they are answered with at its end tells that it went as it should. */
const ROUND: readonly [path: string, statuses: readonly number[], headers?: Record<string, string>][] = [
  ["/plain", [200]],
  ["/cached", [200]],
  ["/cached", [200]],
  ["/flaky", [200]],
  ["/flaky", [200]],
  ["/away", [502, 503]],
  ["/limited", [200, 429]],
  ["/limited", [429]],
  ["/guarded", [401]],
  ["/guarded", [200], { "x-api-key": KEY }],
  ["/nowhere", [404]],
];

/**
 * Scrapes of a gateway with traffic before each: hits and misses, retries, an open circuit, requests refused and requests
 * that fail.
 *
 * @param times when the scrapes are said to have been, in seconds since 1970
 */
export async function scrapesOfAnEventfulDay(times: readonly number[]): Promise<readonly TimedScrape[]> {
  await using well = await ScriptedOrigin.start(OK);
  await using away = await ScriptedOrigin.start(AWAY);
  const url = (port: number) => `http://127.0.0.1:${port}` as const;
  const config = defineGateway({
    upstreams: {
      well: { endpoints: [url(well.port)], health: {}, outliers: {}, maxInFlight: 100 },
      flaky: { endpoints: [url(well.port), url(away.port)], outliers: { consecutive5xx: 50 } },
      away: { endpoints: [url(steadyPort())], retry: false, circuitBreaker: { consecutiveFailures: 1, openFor: "1h" } },
      named: { endpoints: { dns: "http://named.test:81", nameservers: [`127.0.0.1:${steadyPort()}`] } },
    },
    routes: [
      { path: "/plain", upstream: "well", public: true },
      { path: "/cached", upstream: "well", public: true, policies: [cache({ defaultTtl: "1h" })] },
      { path: "/flaky", upstream: "flaky", public: true },
      { path: "/away", upstream: "away", public: true },
      { path: "/named", upstream: "named", public: true },
      { path: "/limited", upstream: "well", public: true, policies: [rateLimit({ limit: 1, per: "1h" })] },
      {
        path: "/guarded",
        upstream: "well",
        policies: [apiKey({ keys: { shop: `sha256:${createHash("sha256").update(KEY).digest("hex")}` } })],
      },
    ],
  });
  await using running = TestGateway.start(config);
  await using secure = TestGateway.start({ routes: [{ path: "/", respond: {} }] }, { secrets: readFile }, {
    tls: { cert: `${certificateDirectory}/server.pem`, key: `${certificateDirectory}/server.key` },
  });
  const { gateway, url: here } = running, { plan, events } = gateway;
  const env = { clock: systemClock, random: systemRandom, log: silentLog, events, secrets: () => ({ error: "none" }) };
  const metrics = await startMetrics(
    plan.telemetry.metrics!,
    plan.telemetry.resource,
    plan.routes.map(({ id }) => id),
    {
      ...env,
      inFlight: () => 0,
      openSummary: () => assert.fail("there is no summary"),
    },
  );
  // Of the event loop's delay, which is looked at by time: there is some in each round.
  const clock = new FakeClock();
  const losses = () => ({ spans: 0, access_log: 0, log: 0 });
  const end = gatewayMetrics(metrics.registry, gateway, { version: "0.1.0", losses, clock });
  const report = () => secure.gateway.listeners().map((report) => ({ name: "secure", report }));
  metrics.registry.collect(listenerMetrics(report));
  const scrapes: TimedScrape[] = [];
  try {
    for (const at of times) {
      await round(here, running);
      clock.advance(1_000);
      const { type, text } = exposition(metrics.registry.scrape(), "application/openmetrics-text");
      assert.match(type, /^application\/openmetrics-text/);
      scrapes.push({ at, text });
    }
  } finally {
    end();
    await metrics.close();
  }
  return scrapes;
}

async function round(here: string, { completed }: TestGateway): Promise<void> {
  const before = completed.length;
  for (const [path, statuses, headers] of ROUND) {
    const response = await fetch(here + path, { headers });
    await response.body?.cancel();
    assert.ok(statuses.includes(response.status), `${path}: ${response.status}`);
  }
  await eventually(() => Promise.resolve(completed.length === before + ROUND.length), "the ends of all requests");
}
