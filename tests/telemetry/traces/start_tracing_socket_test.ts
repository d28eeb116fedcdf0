import assert from "node:assert/strict";
import { trace } from "@opentelemetry/api";
import { systemClock } from "../../../src/core/clock.ts";
import { logTo } from "../../../src/core/log.ts";
import { systemRandom } from "../../../src/core/random.ts";
import { Reply } from "../../../src/core/reply.ts";
import { secret } from "../../../src/core/secret.ts";
import type { OtlpPlan, TraceSinkPlan } from "../../../src/telemetry/telemetry_plan.ts";
import { type RunningTracing, startTracing } from "../../../src/telemetry/traces/start_tracing.ts";
import { makeExchange } from "../../support/exchange.ts";
import { ALL } from "./kept_spans.ts";

/** What a collector was sent. */
interface Sent {
  readonly path: string;
  readonly type: string | null;
  readonly coding: string | null;
  readonly token: string | null;
  readonly text: string;
}

/** A collector that answers with `status`. */
class Collector implements AsyncDisposable {
  readonly sent: Sent[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(status = 200) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async ({ url, headers, body }) => {
      const coding = headers.get("content-encoding");
      const plain = coding === "gzip" ? body!.pipeThrough(new DecompressionStream("gzip")) : body;
      const text = await new Response(plain).text(), type = headers.get("content-type");
      this.sent.push({ path: new URL(url).pathname, type, coding, token: headers.get("x-token"), text });
      return new Response("{}", { status });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/v1/traces`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}

interface Running {
  readonly tracing: RunningTracing;
  readonly logged: [message: string, fields?: Record<string, unknown>][];
}

async function start(to: TraceSinkPlan, print?: (text: string) => void): Promise<Running> {
  const logged: Running["logged"] = [];
  const tracing = await startTracing({ ...ALL, to }, { service: "shop", attributes: {} }, {
    clock: systemClock,
    random: systemRandom,
    log: logTo((_level, message, fields) => logged.push([message, fields])),
    secrets: ({ env }) => ({ value: `value of ${env}` }),
    print,
  });
  return { tracing, logged };
}

function otlp(plan: Partial<OtlpPlan> & Pick<OtlpPlan, "url">): TraceSinkPlan {
  return {
    kind: "otlp",
    otlp: { protocol: "http/json", headers: {}, compression: "none", timeout: 500, ...plan },
    batch: { queue: 10, size: 5, delay: 60_000 },
  };
}

/** Sends a request through a route, with one attempt. */
async function send({ tracing }: Running): Promise<string> {
  const exchange = makeExchange({ path: "/products/7", startedAt: systemClock.now() });
  await tracing.route(({ trace }) => {
    trace!.begin({ name: "GET", kind: "client", attributes: { "gatewright.attempt": 1 } })!.end();
    return Reply.text(200, "ok");
  }, { id: "r", path: "/products/:id", sample: null })(exchange);
  tracing.completed(exchange, 200, 0, 2);
  return exchange.trace!.traceId;
}

Deno.test("traces get to a collector as OTLP in JSON", async () => {
  await using collector = new Collector();
  const running = await start(otlp({ url: collector.url, headers: { "x-token": secret.env("TOKEN") } }));
  const traceId = await send(running);
  await running.tracing.close();
  const [{ path, type, coding, token, text }] = collector.sent;
  assert.deepEqual([path, type, coding, token], ["/v1/traces", "application/json", null, "value of TOKEN"]);
  const [{ resource, scopeSpans: [{ scope, spans }] }] = JSON.parse(text).resourceSpans;
  assert.deepEqual(resource.attributes[0], { key: "service.name", value: { stringValue: "shop" } });
  assert.equal(scope.name, "gatewright");
  assert.deepEqual(
    spans.map(({ name, traceId, parentSpanId }: Record<string, string>) => [name, traceId, parentSpanId]),
    [["GET", traceId, spans[1].spanId], ["GET /products/:id", traceId, undefined]],
  );
  assert.equal(running.tracing.dropped, 0);
  assert.deepEqual(running.logged, []);
});

Deno.test("traces get to a collector as OTLP in protobuf, compressed", async () => {
  await using collector = new Collector();
  const running = await start(otlp({ url: collector.url, protocol: "http/protobuf", compression: "gzip" }));
  await send(running);
  await running.tracing.close();
  const [{ type, coding, text }] = collector.sent;
  assert.deepEqual([type, coding], ["application/x-protobuf", "gzip"]);
  assert.match(text, /service\.name.*shop.*GET \/products\/:id/s);
});

Deno.test("a collector that is not there costs its spans and one warning", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 }), { port } = closed.addr;
  closed.close();
  const running = await start(otlp({ url: `http://127.0.0.1:${port}/v1/traces` }));
  for (let i = 0; i < 3; i++) await send(running);
  await running.tracing.close();
  assert.equal(running.tracing.dropped, 6);
  const [[message, fields]] = running.logged;
  assert.equal(message, "spans were lost");
  assert.match(String(fields?.reason), /ECONNREFUSED/);
});

Deno.test("a collector that refuses is told of by its status, and by nothing that it said", async () => {
  await using collector = new Collector(401);
  const running = await start(otlp({ url: collector.url }));
  await send(running);
  await running.tracing.close();
  assert.equal(running.tracing.dropped, 2);
  assert.deepEqual(running.logged, [["spans were lost", { spans: 2, reason: "the collector answered 401" }]]);
});

Deno.test("on a terminal a trace is a tree", async () => {
  const printed: string[] = [];
  const running = await start({ kind: "console" }, (text) => printed.push(text));
  const traceId = await send(running);
  await running.tracing.close();
  assert.equal(printed.length, 1);
  assert.equal(
    printed[0].replace(/\d+\.\d+ ms/g, "… ms"),
    `trace ${traceId}\nGET /products/:id  200  … ms\n└─ GET  attempt 1  … ms\n\n`,
  );
});

Deno.test("when tracing has ended, nothing is left of it in the API", async () => {
  const running = await start({ kind: "console" }, () => {});
  assert.ok(trace.getTracer("mine").startSpan("a").isRecording());
  await running.tracing.close();
  assert.ok(!trace.getTracer("mine").startSpan("a").isRecording());
});

Deno.test("what users begin goes to the tracing that was begun last, and nowhere once that has ended", async () => {
  const printed: string[][] = [[], []];
  const [before, after] = await Promise.all(
    printed.map((texts) => start({ kind: "console" }, (text) => texts.push(text))),
  );
  const mine = () =>
    trace.getTracer("mine").startActiveSpan("a", (span) => {
      const recorded = span.isRecording();
      assert.equal(trace.getActiveSpan(), recorded ? span : undefined);
      span.end();
      return recorded;
    });
  mine();
  await before.tracing.close();
  assert.ok(mine());
  await after.tracing.close();
  assert.ok(!mine());
  assert.deepEqual(printed.map(({ length }) => length), [0, 2]);
});

Deno.test("on a terminal an error has one line", async () => {
  const printed: string[] = [], running = await start({ kind: "console" }, (text) => printed.push(text));
  const exchange = makeExchange({ startedAt: systemClock.now() }), route = { id: "r", path: "/", sample: null };
  const broken = running.tracing.policy(() => () => {
    throw new TypeError(`no such thing\n${"a".repeat(500)}`);
  }, { id: "mine", kind: "mine" });
  assert.throws(() => running.tracing.route(broken(() => Reply.text(200, "")), route)(exchange));
  running.tracing.completed(exchange, 500, 0, 0);
  await running.tracing.close();
  assert.match(printed[0], /• exception type=TypeError message=no such thing\n\n$/);
});
