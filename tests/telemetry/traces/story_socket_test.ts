import { strict as assert } from "node:assert";
import { cache } from "gatewright";
import { silentLog } from "../../../src/core/log.ts";
import type { TracesPlan } from "../../../src/telemetry/telemetry_plan.ts";
import { startTracing } from "../../../src/telemetry/traces/start_tracing.ts";
import { traceTree } from "../../../src/telemetry/traces/trace_tree.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { OtlpCollector } from "../../support/otlp_collector.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { until } from "../../support/until.ts";

/** What README shows. */
const STORY = /```text\n(GET \/products\/:id .*?)\n```/s.exec(
  Deno.readTextFileSync(new URL("../../../README.md", import.meta.url)),
)?.[1];

const PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", CALLER = "00f067aa0ba902b7";

function plan(url: string): TracesPlan {
  return {
    sample: 0,
    accept: "any",
    keepErrors: false,
    propagate: ["tracecontext", "baggage"],
    policies: "acting",
    responseHeader: null,
    to: {
      kind: "otlp",
      otlp: { url, protocol: "http/json", headers: {}, compression: "gzip", timeout: 5_000 },
      batch: { queue: 100, size: 50, delay: 1_000 },
    },
  };
}

/** Answers after a while, by the gateway's clock. */
function after(ms: number, clock: FakeClock, status: number): Promise<ScriptedOrigin> {
  return ScriptedOrigin.start(async (request: OriginRequest) => {
    clock.advance(ms);
    await request.send(answer(status, "{}"));
  });
}

Deno.test("the trace of a request with a retry and a cache miss is its story, from the caller to each endpoint", async () => {
  const clock = new FakeClock(), random = () => 0;
  await using collector = new OtlpCollector();
  await using broken = await after(4, clock, 503);
  await using well = await after(10, clock, 200);
  const tracing = await startTracing(plan(collector.url), { service: "shop", attributes: {} }, {
    ...{ clock, random: Math.random, log: silentLog },
    secrets: () => ({ error: "there are none" }),
  });
  await using gateway = TestGateway.start({
    shutdown: { grace: "1s" },
    upstreams: { products: { endpoints: [broken.url, well.url] } },
    routes: [{ path: "/products/:id", upstream: "products", policies: [cache({ defaultTtl: "60s" })] }],
  }, { clock, random, tracing });
  await using client = await gateway.connect();
  const fields = `host: shop.example\r\ntraceparent: 00-${PARENT}-${CALLER}-01\r\n`;
  assert.equal((await client.exchange(`GET /products/7?key=secret HTTP/1.1\r\n${fields}\r\n`)).status, 200);
  await until(() => gateway.completed.length === 1);
  await tracing.close();
  const { spans } = collector, [root] = spans.filter(({ kind }) => kind === "server");
  const line = (text: string) => text.replace(broken.url, "http://10.0.0.1").replace(well.url, "http://10.0.0.2");
  assert.equal(traceTree(spans, { line }), STORY);
  assert.deepEqual([...new Set(spans.map(({ traceId, service }) => `${service} ${traceId}`))], [`shop ${PARENT}`]);
  assert.deepEqual([root.parentId, root.attributes["http.route"]], [CALLER, "/products/:id"]);
  assert.equal(JSON.stringify(spans).includes("secret"), false);
  // Each endpoint was told of the attempt that came to it.
  const attempts = spans.filter(({ kind }) => kind === "client").toSorted((a, b) => a.startedAt - b.startedAt);
  assert.deepEqual(
    [broken, well].map(({ requests }) => requests.map((request) => request.header("traceparent"))),
    attempts.map(({ spanId }) => [`00-${PARENT}-${spanId}-01`]),
  );
});
