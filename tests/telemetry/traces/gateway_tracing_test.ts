import assert from "node:assert/strict";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { TracesPlan } from "../../../src/telemetry/telemetry_plan.ts";
import { problem } from "../../../src/http/problem.ts";
import { type ExchangeOptions, makeExchange } from "../../support/exchange.ts";
import { KeptSpans, took } from "./kept_spans.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c", CALLER = "b7ad6b7169203331";
const from = (flags: string): ExchangeOptions => ({ headers: [["traceparent", `00-${TRACE}-${CALLER}-${flags}`]] });

const ok: Handler = () => Reply.text(200, "ok");
const BAD = { status: 400, code: "bad_request" };
const bodyText = ({ body }: Reply) => new TextDecoder().decode(body as Uint8Array);

/** What the handler told its upstream. */
function telling(told: string[], reply: Handler = ok): Handler {
  return (exchange) => {
    told.push(exchange.trace!.lines(exchange.trace!.begin({ name: "GET", kind: "client" })));
    return reply(exchange);
  };
}

Deno.test("a request has a server span, named by its route, by the conventions of HTTP", async () => {
  await using kept = new KeptSpans();
  kept.clock.advance(1000);
  const exchange = makeExchange({
    path: "/products/7",
    query: "?token=abc",
    startedAt: 1000,
    requestId: "r1",
    headers: [["user-agent", "curl/8.5.0"]],
  });
  await kept.send(exchange, () => {
    kept.clock.advance(12);
    return Reply.text(200, "hello");
  }, { bytesIn: 3, bytesOut: 5 });
  const [span] = kept.spans;
  assert.equal(span.name, "GET /products/:id");
  assert.equal(span.kind, SpanKind.SERVER);
  assert.equal(span.parentSpanContext, undefined);
  assert.equal(span.status.code, SpanStatusCode.UNSET);
  assert.equal(span.startTime[0] * 1000 + span.startTime[1] / 1e6, kept.clock.wall() - 12);
  assert.equal(took(span), 12);
  assert.deepEqual(span.attributes, {
    "http.request.method": "GET",
    "url.path": "/products/7",
    "url.scheme": "http",
    "server.address": "gateway.test",
    "server.port": 8080,
    "client.address": "192.0.2.7",
    "network.protocol.name": "http",
    "network.protocol.version": "1.1",
    "http.response.status_code": 200,
    "http.request.body.size": 3,
    "http.response.body.size": 5,
    "user_agent.original": "curl/8.5.0",
    "http.route": "/products/:id",
    "gatewright.route": "GET /products/:id",
    "gatewright.request_id": "r1",
  });
  assert.equal(span.resource.attributes["service.name"], "shop");
  assert.equal(span.resource.attributes["host.name"], "a1");
  assert.equal(exchange.trace?.traceId, span.spanContext().traceId);
});

Deno.test("a caller's trace is continued, and an upstream told that its work stands under the attempt", async () => {
  await using kept = new KeptSpans();
  const told: string[] = [];
  await kept.send(
    makeExchange({ headers: [...from("01").headers!, ["tracestate", "a=1"], ["baggage", "k=v"]] }),
    (x) => {
      const span = x.trace!.begin({ name: "GET", kind: "client", attributes: { "gatewright.attempt": 1 } })!;
      told.push(x.trace!.lines(span));
      span.event("retry", { delay: 5 });
      kept.clock.advance(4);
      span.fail("upstream_reset", "it went away");
      span.end();
      span.end();
      span.set({ late: true });
      return Reply.text(200, "");
    },
  );
  const attempt = kept.named("GET"), server = kept.named("GET /products/:id");
  assert.deepEqual(
    [server.spanContext().traceId, server.parentSpanContext?.spanId, server.parentSpanContext?.isRemote],
    [TRACE, CALLER, true],
  );
  assert.equal(attempt.parentSpanContext?.spanId, server.spanContext().spanId);
  assert.equal(attempt.kind, SpanKind.CLIENT);
  assert.equal(took(attempt), 4);
  assert.deepEqual(attempt.events.map(({ name, attributes }) => [name, attributes]), [["retry", { delay: 5 }]]);
  assert.deepEqual(attempt.attributes, { "gatewright.attempt": 1, "error.type": "upstream_reset" });
  assert.deepEqual(attempt.status, { code: SpanStatusCode.ERROR, message: "it went away" });
  assert.deepEqual(told, [
    `traceparent: 00-${TRACE}-${attempt.spanContext().spanId}-01\r\ntracestate: a=1\r\nbaggage: k=v\r\n`,
  ]);
  assert.equal(server.spanContext().traceState?.serialize(), "a=1");
});

Deno.test("a trace that is not recorded passes its ids on", async () => {
  await using kept = new KeptSpans();
  const told: string[] = [], exchange = makeExchange(from("00"));
  await kept.send(exchange, telling(told));
  assert.deepEqual(kept.spans, []);
  const { trace } = exchange;
  assert.equal(trace!.span, null);
  assert.notEqual(trace!.spanId, CALLER);
  assert.deepEqual(told, [`traceparent: 00-${TRACE}-${trace!.spanId}-00\r\n`]);
  const detached = trace!.detached({ name: "mirror" });
  assert.notEqual(detached.traceId, TRACE);
  assert.equal(detached.span, null);
});

const DECISIONS: readonly [
  why: string,
  plan: Partial<TracesPlan>,
  ExchangeOptions,
  recorded: boolean,
  continued: boolean,
][] = [
  ["a caller's decision counts, whatever the share", { sample: 0 }, from("01"), true, true],
  ["a caller's decision not to counts", { sample: 1 }, from("00"), false, true],
  ["nobody has decided, and the share is all", { sample: 1 }, {}, true, false],
  ["nobody has decided, and the share is none", { sample: 0 }, {}, false, false],
  ["callers are not listened to", { sample: 1, accept: "none" }, from("00"), true, false],
  ["the caller is not to be trusted", { sample: 0, accept: "trusted" }, from("01"), false, false],
  [
    "the caller is to be trusted",
    { sample: 0, accept: "trusted" },
    { ...from("01"), client: { ip: "10.0.0.1", peer: "10.0.0.1", trusted: true } },
    true,
    true,
  ],
];
for (const [why, plan, request, recorded, continued] of DECISIONS) {
  Deno.test(`whether a trace is recorded: ${why}`, async () => {
    await using kept = new KeptSpans(plan);
    const exchange = makeExchange(request);
    await kept.send(exchange, ok);
    assert.equal(kept.spans.length === 1, recorded);
    assert.equal(exchange.trace?.traceId === TRACE, continued);
  });
}

Deno.test("a route's share goes before the gateway's", async () => {
  await using kept = new KeptSpans({ sample: 1 });
  await kept.send(makeExchange(), ok, { sample: 0 });
  assert.deepEqual(kept.spans, []);
});

Deno.test("an answer names its trace where that is asked for", async () => {
  await using kept = new KeptSpans({ responseHeader: "x-trace-id" });
  const route = { id: "r", path: "/", sample: null }, exchange = makeExchange(), later = makeExchange();
  const reply = await kept.tracing.route(ok, route)(exchange);
  assert.equal(reply.header("x-trace-id"), exchange.trace?.traceId);
  const awaited = await kept.tracing.route((x) => Promise.resolve(ok(x)), route)(later);
  assert.equal(awaited.header("x-trace-id"), later.trace?.traceId);
});

Deno.test("an exchange that no route has seen has its trace at its end", async () => {
  await using kept = new KeptSpans();
  const exchange = makeExchange({ ...from("01"), method: "BREW" });
  exchange.error = "method_unknown";
  kept.clock.advance(3);
  kept.tracing.completed(exchange, 501, 0, 10);
  const [span] = kept.spans;
  assert.equal(span.name, "HTTP");
  assert.equal(span.spanContext().traceId, TRACE);
  assert.equal(span.attributes["http.request.method"], "_OTHER");
  assert.equal(span.attributes["http.request.method_original"], "BREW");
  assert.equal(span.attributes["http.route"], undefined);
  assert.equal(took(span), 3);
});

const ENDINGS: readonly [status: number, error: string, type: string | undefined, failed: boolean][] = [
  [200, "", undefined, false],
  [404, "", undefined, false],
  [401, "credential_missing", "credential_missing", false],
  [499, "client_closed_request", "client_closed_request", false],
  [200, "client_closed_request", "client_closed_request", false],
  [200, "upstream_reset", "upstream_reset", true],
  [503, "no_endpoint", "no_endpoint", true],
  [500, "", "500", true],
];
for (const [status, error, type, failed] of ENDINGS) {
  Deno.test(`the span of ${status} ${error} ${failed ? "says that it failed" : "does not say that it failed"}`, async () => {
    await using kept = new KeptSpans();
    await kept.send(makeExchange(), (exchange) => {
      exchange.error = error;
      return Reply.text(status, "");
    });
    const [span] = kept.spans;
    assert.equal(span.attributes["error.type"], type);
    assert.equal(span.status.code === SpanStatusCode.ERROR, failed);
  });
}

Deno.test("work that nobody waits for has a trace of its own, each linked to the other", async () => {
  await using kept = new KeptSpans();
  let copy: ReturnType<NonNullable<Exchange["trace"]>["detached"]> | null = null;
  await kept.send(makeExchange(from("01")), (exchange) => {
    copy = exchange.trace!.detached({ name: "mirror" });
    return Reply.text(200, "");
  });
  const lines = copy!.lines(null);
  copy!.begin({ name: "GET" })!.end();
  copy!.span!.end();
  const mirror = kept.named("mirror"), server = kept.named("GET /products/:id"), attempt = kept.named("GET");
  assert.notEqual(mirror.spanContext().traceId, TRACE);
  assert.equal(mirror.parentSpanContext, undefined);
  assert.equal(lines, `traceparent: 00-${mirror.spanContext().traceId}-${mirror.spanContext().spanId}-03\r\n`);
  assert.equal(attempt.parentSpanContext?.spanId, mirror.spanContext().spanId);
  assert.deepEqual(mirror.links.map(({ context }) => context.spanId), [server.spanContext().spanId]);
  assert.deepEqual(server.links.map(({ context }) => context.spanId), [mirror.spanContext().spanId]);
});

Deno.test("a copy's work stands under the span that it was given, and the request's end is still the request's", async () => {
  await using kept = new KeptSpans();
  await kept.send(makeExchange(), (exchange) => {
    const cache = exchange.trace!.begin({ name: "cache" })!;
    exchange.trace = exchange.trace!.under(cache);
    exchange.trace.begin({ name: "GET" })!.end();
    cache.end();
    return Reply.text(200, "");
  });
  assert.equal(kept.named("GET").parentSpanContext?.spanId, kept.named("cache").spanContext().spanId);
  assert.equal(kept.named("GET /products/:id").attributes["http.response.status_code"], 200);
});

const KEPT: readonly [status: number, error: string, kept: boolean][] = [
  [200, "", false],
  [429, "rate_limited", false],
  [500, "", true],
  [502, "upstream_reset", true],
  [499, "client_closed_request", true],
  [200, "upstream_reset", true],
];
for (const [status, error, isKept] of KEPT) {
  Deno.test(`of traces that nobody asked for, ${status} ${error} is ${isKept ? "kept" : "dropped"}`, async () => {
    await using kept = new KeptSpans({ sample: 0, keepErrors: true });
    const told: string[] = [], exchange = makeExchange();
    let attempt: ReturnType<NonNullable<Exchange["trace"]>["begin"]> = null;
    await kept.send(exchange, (x) => {
      x.trace!.begin({ name: "rateLimit" })!.end();
      attempt = x.trace!.begin({ name: "GET" });
      told.push(x.trace!.lines(attempt));
      x.error = error;
      return Reply.text(status, "");
    });
    assert.match(told[0], /-02\r\n$/, "others are told what was decided at the head");
    attempt!.end();
    assert.deepEqual(kept.names(), isKept ? ["rateLimit", "GET /products/:id", "GET"] : []);
    assert.equal(exchange.trace!.span !== null, isKept, "what was dropped is not recorded");
    assert.ok(told[0].includes(exchange.trace!.traceId));
  });
}

Deno.test("what is kept whatever comes is not held back until its end", async () => {
  await using kept = new KeptSpans({ keepErrors: true });
  await kept.send(makeExchange(), (exchange) => {
    exchange.trace!.begin({ name: "GET" })!.end();
    assert.deepEqual(kept.names(), ["GET"]);
    return Reply.text(200, "");
  });
});

Deno.test("whoever wants traces whole has them when the last span is over", async () => {
  await using kept = new KeptSpans({}, true);
  let late: ReturnType<NonNullable<Exchange["trace"]>["begin"]> = null;
  await kept.send(makeExchange(), (exchange) => {
    late = exchange.trace!.begin({ name: "GET" });
    return Reply.text(200, "");
  });
  assert.deepEqual(kept.taken, []);
  late!.end();
  assert.deepEqual(kept.taken, [2]);
});

Deno.test("no client makes a span larger than others are", async () => {
  await using kept = new KeptSpans();
  await kept.send(makeExchange({ path: "/" + "a".repeat(60_000), headers: [["user-agent", "b".repeat(60_000)]] }), ok);
  const { attributes } = kept.named("GET /products/:id");
  assert.deepEqual([String(attributes["url.path"]).length, String(attributes["user_agent.original"]).length], [
    4096,
    4096,
  ]);
});

Deno.test("where the date is set, what is under way lasts as long as the clock says, and what comes later has the new date", async () => {
  await using kept = new KeptSpans();
  await kept.send(makeExchange(), async (exchange) => {
    kept.clock.advance(10);
    kept.clock.setWall(kept.clock.wall() - 3_600_000);
    await kept.send(makeExchange({ startedAt: kept.clock.now() }), ok);
    exchange.trace!.begin({ name: "GET" })!.end();
    return Reply.text(200, "");
  });
  const [second, attempt, first] = kept.spans;
  const started = ({ startTime: [seconds, nanoseconds] }: typeof first) => seconds * 1000 + nanoseconds / 1e6;
  assert.equal(started(attempt) - started(first), 10);
  assert.equal(took(first), 10);
  assert.equal(started(second), kept.clock.wall());
});

Deno.test("an answer that no route makes tells of its trace as others do", async () => {
  await using kept = new KeptSpans({ responseHeader: "x-trace-id" });
  const exchange = makeExchange(from("01")), reply = kept.tracing.local(exchange, (exchange) => problem(exchange, BAD));
  assert.equal(reply.header("x-trace-id"), TRACE);
  assert.equal(JSON.parse(bodyText(reply)).traceId, TRACE);
  kept.tracing.completed(exchange, 400, 0, 0);
  assert.equal(kept.named("GET").attributes["http.response.status_code"], 400);
});

Deno.test("an answer in place of what a route threw is of the route's trace", async () => {
  await using kept = new KeptSpans({ responseHeader: "x-trace-id" });
  const exchange = makeExchange(), route = { id: "r", path: "/", sample: null };
  const fails = kept.tracing.route(() => {
    throw new TypeError("no such thing");
  }, route);
  assert.throws(() => fails(exchange));
  const { trace } = exchange, reply = kept.tracing.local(exchange, (exchange) => problem(exchange, BAD));
  assert.equal(exchange.trace, trace);
  assert.equal(reply.header("x-trace-id"), trace?.traceId);
});

const COPIES: readonly [why: string, flags: string][] = [["is recorded", "01"], ["is not recorded", "00"]];
for (const [why, flags] of COPIES) {
  Deno.test(`a copy of a request whose trace ${why} takes the baggage along, and nothing else of the caller's`, async () => {
    await using kept = new KeptSpans();
    const fields = [...from(flags).headers!, ["tracestate", "a=1"], ["baggage", "tenant=acme"]] as const;
    const told: string[] = [];
    await kept.send(makeExchange({ headers: fields }), (exchange) => {
      const copy = exchange.trace!.detached({ name: "mirror" });
      told.push(copy.lines(null));
      copy.span?.end();
      return Reply.text(200, "");
    });
    assert.match(told[0], /^traceparent: 00-\w{32}-\w{16}-0[23]\r\nbaggage: tenant=acme\r\n$/);
    assert.ok(!told[0].includes(TRACE));
  });
}

Deno.test("who asks for debugging without naming a trace has the next asked for it as well", async () => {
  await using kept = new KeptSpans({ sample: 0, propagate: ["b3"] });
  const told: string[] = [];
  await kept.send(makeExchange({ headers: [["b3", "d"]] }), telling(told));
  assert.match(told[0], /^b3: \w{32}-\w{16}-d\r\n$/);
  assert.ok(kept.names().includes("GET /products/:id"));
});

const ADDRESSES: readonly [ExchangeOptions, Readonly<Record<string, unknown>>][] = [
  [{ authority: "a.test", host: "a.test" }, { "server.address": "a.test", "server.port": 80 }],
  [{ authority: "a.test", scheme: "https" }, { "server.port": 443 }],
  [{ authority: "[::1]", host: "[::1]" }, { "server.address": "[::1]", "server.port": 80 }],
  [{ authority: "[::1]:8443" }, { "server.port": 8443 }],
  [{ authority: "" }, { "server.port": 80 }],
  [
    { client: { ip: "192.0.2.7", peer: "10.0.0.1", trusted: true } },
    { "client.address": "192.0.2.7", "network.peer.address": "10.0.0.1" },
  ],
];
for (const [request, told] of ADDRESSES) {
  Deno.test(`a server span tells who asked whom: ${Object.values(told).join(" ")}`, async () => {
    await using kept = new KeptSpans();
    await kept.send(makeExchange(request), ok);
    const { attributes } = kept.spans[0];
    assert.deepEqual(Object.fromEntries(Object.keys(told).map((key) => [key, attributes[key]])), told);
  });
}

Deno.test("a request that goes on and on does not hold spans without end", async () => {
  await using kept = new KeptSpans({ sample: 0, keepErrors: true });
  await kept.send(makeExchange(), (exchange) => {
    for (let i = 0; i < 1_500; i++) exchange.trace!.begin({ name: "GET" })!.end();
    return Reply.text(500, "");
  });
  assert.equal(kept.spans.length, 1_000);
});
