import { strict as assert } from "node:assert";
import { gunzipSync } from "node:zlib";
import { type LogLevel, logTo } from "../../../src/core/log.ts";
import { secret } from "../../../src/core/secret.ts";
import { family } from "../../../src/telemetry/metrics/family.ts";
import { Histogram } from "../../../src/telemetry/metrics/histogram.ts";
import { MetricsRegistry } from "../../../src/telemetry/metrics/metrics_registry.ts";
import { startPush } from "../../../src/telemetry/metrics/otlp_push.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { until } from "../../support/until.ts";

const SENT = family({ name: "sent_bytes_total", type: "counter", unit: "bytes", help: "Sent.", labels: ["to"] });
const OPEN = family({ name: "open", type: "gauge", help: "Open.", labels: [] });
const TOOK = family({ name: "took_seconds", type: "histogram", unit: "seconds", help: "Took.", labels: [] });

interface Got {
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A collector that answers with `status`. */
function collector(status = 200) {
  const got: Got[] = [], held: (() => void)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const body = new Uint8Array(await request.arrayBuffer());
    got.push({ path: new URL(request.url).pathname, headers: request.headers, body });
    if (gate.held) await new Promise<void>((resolve) => held.push(resolve));
    return new Response(status === 200 ? "{}" : "no, Bearer s3cret", { status });
  });
  const gate = { held: false, release: () => held.shift()?.() };
  return { got, gate, url: `http://127.0.0.1:${server.addr.port}/v1/metrics`, close: () => server.shutdown() };
}

async function setUp(url: string, plan: Partial<Parameters<typeof startPush>[0]> = {}) {
  const clock = new FakeClock({ wall: 1_700_000_000_500 }), entries: [LogLevel, string, unknown][] = [];
  const log = logTo((...entry) => entries.push(entry as [LogLevel, string, unknown]));
  const registry = new MetricsRegistry(log), took = new Histogram([0.1, 1]);
  took.observe(0.5);
  registry.collect((out) => {
    out.add(SENT, 7, "a");
    out.add(OPEN, NaN);
    out.addHistogram(TOOK, took);
  });
  const push = await startPush(
    {
      url,
      protocol: "http/json",
      headers: { "x-team": "edge", authorization: secret.env("TOKEN") },
      compression: "none",
      timeout: 500,
      every: 10_000,
      ...plan,
    },
    { service: "shop", attributes: { "deployment.environment.name": "test" } },
    registry,
    { clock, log, secrets: () => ({ value: "Bearer s3cret" }) },
  );
  return { clock, entries, push };
}

Deno.test("metrics are pushed at each interval, and once more at the end", async () => {
  const { got, url, close } = collector();
  const { clock, push, entries } = await setUp(url);
  await clock.pass(10_000);
  await until(() => got.length === 1);
  const [{ path, headers, body }] = got;
  assert.equal(path, "/v1/metrics");
  assert.equal(headers.get("authorization"), "Bearer s3cret");
  assert.equal(headers.get("x-team"), "edge");
  const { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] } = JSON.parse(
    new TextDecoder().decode(body),
  );
  const attributes = Object.fromEntries(
    resource.attributes.map((
      { key, value }: { key: string; value: { stringValue: string } },
    ) => [key, value.stringValue]),
  );
  assert.deepEqual(attributes, { "deployment.environment.name": "test", "service.name": "shop" });
  assert.equal(scope.name, "gatewright");
  const times = { startTimeUnixNano: "1700000000500000000", timeUnixNano: "1700000010500000000" };
  assert.deepEqual(metrics, [
    {
      name: "sent_bytes_total",
      description: "Sent.",
      unit: "By",
      sum: {
        aggregationTemporality: 2,
        isMonotonic: true,
        dataPoints: [{ attributes: [{ key: "to", value: { stringValue: "a" } }], ...times, asDouble: 7 }],
      },
    },
    { name: "open", description: "Open.", unit: "", gauge: { dataPoints: [] } },
    {
      name: "took_seconds",
      description: "Took.",
      unit: "s",
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [
          { attributes: [], bucketCounts: [0, 1, 0], explicitBounds: [0.1, 1], count: 1, sum: 0.5, ...times },
        ],
      },
    },
  ]);
  await push.close();
  assert.equal(got.length, 2);
  assert.deepEqual([push.failed, entries, clock.pending], [0, [], 0]);
  await close();
});

Deno.test("a clock that is set back makes no period that ends before it began", async () => {
  const { got, url, close } = collector();
  const { clock, push } = await setUp(url);
  clock.setWall(0);
  await push.close();
  const [, from, to] = /"startTimeUnixNano":"(\d+)","timeUnixNano":"(\d+)"/.exec(
    new TextDecoder().decode(got[0].body),
  )!;
  assert.deepEqual([from, to], ["1700000000500000000", "1700000000500000000"]);
  await close();
});

Deno.test("metrics are pushed as protobuf and compressed where the plan says so", async () => {
  const { got, url, close } = collector();
  const { push } = await setUp(url, { protocol: "http/protobuf", compression: "gzip" });
  await push.close();
  assert.equal(got[0].headers.get("content-type"), "application/x-protobuf");
  assert.equal(got[0].headers.get("content-encoding"), "gzip");
  assert.ok(gunzipSync(got[0].body).includes("sent_bytes_total"));
  await close();
});

Deno.test("one push is under way at a time", async () => {
  const { got, gate, url, close } = collector();
  const { clock, push } = await setUp(url, { timeout: 60_000 });
  gate.held = true;
  await clock.pass(30_000);
  await until(() => got.length === 1);
  gate.held = false;
  gate.release();
  await push.close();
  assert.equal(got.length, 2);
  await close();
});

Deno.test("a collector that refuses is told once a minute, without what it said", async () => {
  const { got, url, close } = collector(400);
  const { clock, push, entries } = await setUp(url);
  for (let i = 1; i <= 8; i++) {
    await clock.pass(10_000);
    await until(() => push.failed === i);
  }
  const reason = "the collector answered 400";
  assert.deepEqual(entries, [
    ["warn", "metrics could not be pushed", { failed: 1, reason }],
    ["warn", "metrics could not be pushed", { failed: 7, reason }],
  ]);
  await push.close();
  assert.equal(got.length, 9);
  await close();
});

Deno.test("a collector that is not there costs a counted failure, and closing does not fail", async () => {
  const { url, close } = collector();
  await close();
  const { push, entries } = await setUp(url);
  await push.close();
  assert.equal(push.failed, 1);
  assert.match(JSON.stringify(entries), /cannot be reached/);
});

Deno.test("closing waits 3 s for a collector that does not answer", async () => {
  const { got, gate, url, close } = collector();
  gate.held = true;
  const { clock, push } = await setUp(url);
  const closed = push.close();
  await until(() => got.length === 1);
  clock.advance(3_000);
  await closed;
  assert.equal(clock.pending, 0);
  gate.release();
  await close();
});
