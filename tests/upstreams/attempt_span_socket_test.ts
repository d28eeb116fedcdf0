import { strict as assert } from "node:assert";
import { cache } from "gatewright";
import { traceTree } from "../../src/telemetry/traces/trace_tree.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { SeenTraces } from "../support/recorded_trace.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TempDir } from "../support/temp_dir.ts";
import { passUntil, until } from "../support/until.ts";
import { answering, ask, askInTime, gatewayTo, get, HoldingOrigin, Pending, REFUSING } from "./traffic_bed.ts";

/** Endpoints by number, in place of their ports. */
function numbered(...urls: string[]): (line: string) => string {
  return (line) => urls.reduce((text, url, i) => text.replaceAll(url, `http://${i + 1}`), line);
}

Deno.test("a retry and a cache miss: both attempts stand under the cache, each with what came of it", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using bad = await answering(503);
  await using good = await answering(200);
  await using gateway = gatewayTo([bad.url, good.url], clock, {
    route: { policies: [cache({ defaultTtl: "60s" })] },
    world: { tracing },
  });
  assert.equal((await ask(gateway, get())).status, 200);
  assert.equal((await ask(gateway, get())).status, 200);
  await until(() => tracing.spans.every(({ endedAt }) => endedAt !== null), "every span to end");
  assert.equal(
    traceTree(tracing.spans, { line: numbered(bad.url, good.url), duration: () => "" }),
    [
      "GET /*  200",
      "└─ cache  200, miss",
      "   ├─ GET o  503, attempt 1, at o/http://1  !503",
      "   │    • connection opened",
      "   │    • retry delay=0",
      "   └─ GET o  200, attempt 2, at o/http://2",
      "        • connection opened",
      "GET /*  200",
      "└─ cache  200, hit",
    ].join("\n"),
  );
  const [first, second] = tracing.named("GET o").map(({ attributes }) => attributes);
  const port = Number(new URL(good.url).port);
  assert.deepEqual(second, {
    "http.request.method": "GET",
    "gatewright.upstream": "o",
    "gatewright.endpoint": `o/${good.url}`,
    "gatewright.attempt": 2,
    "url.full": `${good.url}/`,
    "server.address": "127.0.0.1",
    "server.port": port,
    "http.request.resend_count": 1,
    "http.response.status_code": 200,
    "network.protocol.version": "1.1",
  });
  assert.equal("http.request.resend_count" in first, false);
});

Deno.test("an upstream is told of its attempt's span, and of nothing that the client said of traces", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using origin = await ScriptedOrigin.start(answer(200));
  await using gateway = gatewayTo([origin.url], clock, { world: { tracing } });
  await ask(gateway, get("traceparent: 00-" + "1".repeat(32) + "-" + "2".repeat(16) + "-01", "tracestate: a=b"));
  const { head } = origin.requests[0], [span] = tracing.named("GET o");
  assert.deepEqual(head.headers.filter(([name]) => name.startsWith("trace")), [
    ["traceparent", `00-${span.traceId}-${span.spanId}-01`],
  ]);
});

Deno.test("a trace that nobody reads is passed on, and its fields go through untouched where there are no traces", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(answer(200));
  await using unread = gatewayTo([origin.url], clock, { world: { tracing: new SeenTraces(clock, false) } });
  await using without = gatewayTo([origin.url], clock);
  for (const gateway of [unread, without]) await ask(gateway, get("traceparent: x", "tracestate: a=b"));
  const told = origin.requests.map(({ head }) => head.headers.filter(([name]) => name.startsWith("trace")));
  assert.deepEqual(told, [
    [["traceparent", `00-${"a".repeat(32)}-${"b".repeat(16)}-00`]],
    [["traceparent", "x"], ["tracestate", "a=b"]],
  ]);
});

Deno.test("an attempt without an answer fails with its code, and the problem names the trace", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using gateway = gatewayTo([REFUSING], clock, { settings: { retry: false }, world: { tracing } });
  const { status, text } = await ask(gateway, get());
  assert.equal(status, 502);
  const [root] = tracing.spans, [span] = tracing.named("GET o");
  assert.equal(JSON.parse(text).traceId, root.traceId);
  assert.equal(span.error, "connect_refused");
  assert.equal(span.attributes["gatewright.outcome"], "connect_refused");
  assert.equal(span.attributes["gatewright.stage"], "connect");
  assert.notEqual(span.endedAt, null);
});

Deno.test("the attempt that opens a breaker says so, and so does the request that finds it open", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using broken = await answering(500);
  await using gateway = gatewayTo([broken.url], clock, {
    settings: { retry: false, circuitBreaker: { failureThreshold: 1, failures: [500], openFor: "30s", jitter: 0 } },
    world: { tracing },
  });
  await ask(gateway, get());
  assert.equal((await ask(gateway, get())).status, 503);
  const names = tracing.spans.map(({ name, events }) => [name, ...events.map(({ name }) => name)]);
  assert.deepEqual(names, [
    ["GET /*"],
    ["GET o", "connection opened", "circuit breaker open"],
    ["GET /*", "refused"],
  ]);
  assert.equal(tracing.spans[2].events[0].attributes["error.type"], "circuit_open");
});

Deno.test("the attempt that has its endpoint ejected says so", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using broken = await answering(502);
  await using good = await answering(200);
  await using gateway = gatewayTo([broken.url, good.url], clock, {
    settings: { retry: false, outliers: { consecutiveGatewayErrors: 1 } },
    world: { tracing },
  });
  await ask(gateway, get());
  assert.deepEqual(tracing.named("GET o")[0].events.map(({ name }) => name), ["connection opened", "ejected"]);
});

Deno.test("a request that waits for a place says for how long", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using held = await HoldingOrigin.start();
  await using gateway = gatewayTo([held.url], clock, {
    settings: { maxInFlight: { perEndpoint: 1, queue: 5, queueTimeout: "10s" } },
    world: { tracing },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => held.count === 1);
  await using second = await Pending.send(gateway, get());
  await until(() => gateway.gateway.upstreams()[0].waiting === 1);
  clock.advance(40);
  await held.release(0);
  await first.response;
  await until(() => held.count === 2);
  const queued = tracing.named("GET o")[1].events.find(({ name }) => name === "queued");
  assert.deepEqual(queued?.attributes, { "gatewright.wait": 40 });
  await held.release(1);
  await second.response;
});

Deno.test("of two attempts at once the beaten one ends as such, and without a failure", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using held = await HoldingOrigin.start();
  await using quick = await answering(200);
  await using gateway = gatewayTo([held.url, quick.url], clock, {
    settings: { hedge: { after: "50ms" } },
    world: { tracing },
  });
  assert.equal((await askInTime(gateway, clock, get())).status, 200);
  const [loser, winner] = tracing.named("GET o");
  assert.equal(winner.attributes["gatewright.hedge"], true);
  assert.deepEqual(loser.events.map(({ name }) => name), ["connection opened", "beaten"]);
  assert.equal(loser.attributes["gatewright.outcome"], "given-up");
  assert.equal(loser.error, "");
  assert.notEqual(loser.endedAt, null);
});

Deno.test("a mirrored request has a trace of its own, linked with the first", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using origin = await answering(200);
  await using other = await answering(200);
  await using gateway = gatewayTo([origin.url], clock, {
    upstreams: { m: { endpoints: [other.url] } },
    route: { mirror: { upstream: "m" } },
    world: { tracing },
  });
  await ask(gateway, get());
  await until(() => tracing.named("mirror")[0]?.endedAt !== null && tracing.named("GET m").length === 1);
  const [root] = tracing.named("GET /*"), [mirror] = tracing.named("mirror"), [copy] = tracing.named("GET m");
  assert.notEqual(mirror.traceId, root.traceId);
  assert.equal(copy.parentId, mirror.spanId);
  assert.deepEqual(mirror.links.map(({ spanId }) => spanId), [root.spanId]);
  assert.deepEqual(root.links.map(({ spanId }) => spanId), [mirror.spanId]);
});

Deno.test("an attempt lasts until its answer's body has ended", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock), rest = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab");
    await rest.promise;
    await request.send("cd");
  });
  await using gateway = gatewayTo([origin.url], clock, { world: { tracing } });
  const asked = ask(gateway, get());
  await until(() => tracing.named("GET o")[0]?.attributes["http.response.status_code"] === 200, "the head");
  const [span] = tracing.named("GET o");
  assert.equal(span.endedAt, null);
  rest.resolve();
  assert.equal((await asked).text, "abcd");
  assert.notEqual(span.endedAt, null);
  assert.equal(span.error, "");
});

Deno.test("an answer that breaks off fails its attempt", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab");
    await request.connection.close();
  });
  await using gateway = gatewayTo([origin.url], clock, { world: { tracing } });
  await assert.rejects(ask(gateway, get()));
  await until(() => tracing.named("GET o")[0].endedAt !== null);
  assert.equal(tracing.named("GET o")[0].error, "upstream_body_broken");
});

Deno.test("a request that goes elsewhere in the end says so, and that attempt is of the same trace", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using good = await answering(200);
  await using gateway = gatewayTo([REFUSING], clock, {
    settings: { retry: false },
    upstreams: { spare: { endpoints: [good.url] } },
    route: { fallback: { upstream: "spare" } },
    world: { tracing },
  });
  assert.equal((await ask(gateway, get())).status, 200);
  const [root] = tracing.spans, [spare] = tracing.named("GET spare");
  assert.deepEqual(root.events, [{ name: "fallback", attributes: { "gatewright.upstream": "o" } }]);
  assert.equal(spare.parentId, root.spanId);
  assert.equal(spare.attributes["gatewright.attempt"], 2);
});

Deno.test("a request that may not be tried again says why, and is answered as it was", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using bad = await answering(503);
  await using good = await HoldingOrigin.start();
  await using gateway = gatewayTo([bad.url, { url: good.url, backup: true }], clock, {
    settings: { retry: { budget: { ratio: 0, floor: 1 } } },
    world: { tracing },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => good.count === 1);
  await using second = await Pending.send(gateway, get());
  await until(() => bad.requests.length === 2);
  await passUntil(clock, second.response, 50);
  assert.equal((await second.response).status, 503);
  const [kept, refused] = tracing.named("GET /*").map(({ events }) => events);
  assert.deepEqual(kept, []);
  assert.deepEqual(refused, [{ name: "retry budget exhausted", attributes: { "gatewright.upstream": "o" } }]);
  await good.release(0);
  await first.response;
});

/** An origin that sends the beginning of an answer, and the rest never. */
function stalling(): Promise<ScriptedOrigin> {
  return ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab");
    await request.hang();
  });
}

Deno.test("an answer that stalls fails its attempt, and the time that its body may take is why", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using origin = await stalling();
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { timeouts: { idle: "2s" } },
    world: { tracing },
  });
  const asked = assert.rejects(ask(gateway, get()));
  await until(() => tracing.named("GET o")[0]?.attributes["http.response.status_code"] === 200, "the head");
  await passUntil(clock, asked, 100);
  await until(() => tracing.named("GET o")[0].endedAt !== null);
  assert.equal(tracing.named("GET o")[0].error, "upstream_body_timeout");
});

Deno.test("a client that leaves is no failure of the attempt: before the head, nor behind it", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using held = await HoldingOrigin.start();
  await using origin = await stalling();
  await using before = gatewayTo([held.url], clock, { world: { tracing } });
  await using behind = gatewayTo([origin.url], clock, { world: { tracing } });
  const early = await Pending.send(before, get()), late = await Pending.send(behind, get());
  await until(() => held.count === 1);
  await until(() => tracing.named("GET o")[1]?.attributes["http.response.status_code"] === 200, "the head");
  for (const { client, response } of [early, late]) {
    const broken = assert.rejects(response);
    await client.close();
    await broken;
  }
  await passUntil(clock, until(() => tracing.named("GET o").every(({ endedAt }) => endedAt !== null)), 100);
  const [first, second] = tracing.named("GET o");
  assert.deepEqual([first.error, first.attributes["gatewright.outcome"]], ["", "client_closed_request"]);
  assert.deepEqual([second.error, second.events.at(-1)?.name], ["", "answer given up"]);
});

Deno.test("an attempt for which the request's time is over fails as such", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using held = await HoldingOrigin.start();
  await using gateway = gatewayTo([held.url], clock, {
    settings: { timeouts: { total: "1s" }, retry: false },
    world: { tracing },
  });
  assert.equal((await askInTime(gateway, clock, get())).status, 504);
  const [span] = tracing.named("GET o");
  assert.deepEqual([span.error, span.attributes["gatewright.outcome"]], ["deadline_exceeded", "given-up"]);
});

Deno.test("an attempt tells of its connection, and of the breaker of the whole upstream", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using broken = await answering(500);
  await using gateway = gatewayTo([broken.url], clock, {
    settings: {
      retry: false,
      circuitBreaker: { per: "upstream", failureThreshold: 2, failures: [500], openFor: "30s", jitter: 0 },
    },
    world: { tracing },
  });
  await ask(gateway, get());
  await ask(gateway, get());
  const [first, second] = tracing.named("GET o").map(({ events }) => events);
  assert.deepEqual(first, [{ name: "connection opened", attributes: {} }]);
  assert.deepEqual(second, [
    { name: "connection reused", attributes: {} },
    { name: "circuit breaker open", attributes: { "gatewright.breaker.per": "upstream" } },
  ]);
});

Deno.test("an endpoint on a Unix socket is told of by its path", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock);
  await using dir = await TempDir.make({});
  const path = dir.join("app.sock");
  await using _server = Deno.serve({ path, onListen() {} }, () => new Response("ok"));
  await using gateway = gatewayTo([`unix:${path}`], clock, { world: { tracing } });
  assert.equal((await ask(gateway, get())).status, 200);
  const { attributes } = tracing.named("GET o")[0];
  assert.deepEqual([attributes["server.address"], attributes["network.transport"]], [path, "unix"]);
  assert.equal(attributes["server.port"], undefined);
});
