import { strict as assert } from "node:assert";
import type { Exchange } from "../../../src/core/exchange.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { EngineHost } from "../../../src/runtime/engine.ts";
import { exposingHost } from "../../../src/runtime/exposure/exposing_host.ts";
import { pagesOf, type PageSources } from "../../../src/runtime/exposure/pages.ts";
import type { Exposed } from "../../../src/telemetry/telemetry_plan.ts";
import { makeExchange, readText } from "../../support/exchange.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const ALL: readonly Exposed[] = ["health", "metrics"];

/** What a listener answers, and what its host was asked. */
function listener(expose: readonly Exposed[] = ALL, changes: Partial<PageSources> = {}) {
  const calls: string[] = [];
  const host: EngineHost & { draining: boolean } = {
    handle: ({ path }) => {
      calls.push(`handle ${path}`);
      return Reply.text(200, "a route");
    },
    overloaded: ({ path }) => {
      calls.push(`overloaded ${path}`);
      return Reply.text(503, "too many");
    },
    local: (exchange, answer) => answer(exchange),
    crashed: (_exchange, cause) => Reply.text(500, String(cause)),
    completed: ({ path }, status, bytesIn, bytesOut) =>
      void calls.push(`completed ${path} ${status} ${bytesIn} ${bytesOut}`),
    draining: false,
    requestIdField: "x-id",
  };
  const sources: PageSources = {
    notReadyReasons: () => [],
    health: () => ({ status: "pass", ready: true, reasons: [], upstreams: [] }),
    metrics: (accept) => ({ type: "text/plain", text: `accept ${accept}\n` }),
    ...changes,
  };
  const clock = new FakeClock();
  return { host, calls, clock, exposing: exposingHost(host, pagesOf(expose, sources, clock)) };
}

async function told(host: EngineHost, exchange: Exchange): Promise<[status: number, text: string]> {
  const reply = await host.handle(exchange);
  return [reply.status, await readText(reply.body)];
}

const get = (path: string, method = "GET") => makeExchange({ path, method });

Deno.test("exposingHost() answers probes and scrapes itself, everything else goes to the routes", async () => {
  const { exposing, calls } = listener();
  assert.deepEqual(await told(exposing, get("/livez")), [200, '{"live":true}\n']);
  for (const path of ["/readyz", "/ready"]) {
    assert.deepEqual(await told(exposing, get(path)), [200, '{"ready":true,"reasons":[]}\n']);
  }
  assert.equal((await told(exposing, get("/health")))[0], 200);
  assert.deepEqual(await told(exposing, get("/metrics")), [200, "accept null\n"]);
  assert.deepEqual(calls, []);
  for (const path of ["/", "/livez/", "/Livez", "/metricsx", "/a/very/long/path/indeed", "/livezz"]) {
    assert.deepEqual(await told(exposing, get(path)), [200, "a route"], path);
  }
});

Deno.test("exposingHost() answers GET and HEAD; other methods are for the routes", async () => {
  const { exposing } = listener();
  assert.equal((await told(exposing, get("/metrics", "HEAD")))[1], "accept null\n", "the engine leaves the body out");
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    assert.equal((await told(exposing, get("/metrics", method)))[1], "a route", method);
  }
});

Deno.test("exposingHost() shows what the listener is told to show, and metrics only where there are some", async () => {
  const health = listener(["health"]).exposing, metrics = listener(["metrics"]).exposing;
  assert.equal((await told(health, get("/metrics")))[1], "a route");
  assert.equal((await told(metrics, get("/livez")))[1], "a route");
  assert.equal((await told(listener(ALL, { metrics: null }).exposing, get("/metrics")))[1], "a route");
});

Deno.test("exposingHost() says 503 at /readyz and /health when it is not ready, and lives on", async () => {
  const reasons = ["draining"];
  const { exposing } = listener(ALL, {
    notReadyReasons: () => reasons,
    health: () => ({ status: "fail", ready: false, reasons, upstreams: [] }),
  });
  assert.deepEqual(await told(exposing, get("/readyz")), [503, '{"ready":false,"reasons":["draining"]}\n']);
  assert.equal((await told(exposing, get("/health")))[0], 503);
  assert.equal((await told(exposing, get("/livez")))[0], 200);
});

Deno.test("exposingHost() tells strangers of upstreams, and of no endpoint's address", async () => {
  const endpoints = [{ id: "o/http://10.0.0.1", status: "pass", reason: "" }] as const;
  const upstream = { name: "o", status: "pass", required: false, usable: 1, known: 1, dns: null, endpoints } as const;
  const { exposing } = listener(ALL, {
    health: () => ({ status: "pass", ready: true, reasons: [], upstreams: [upstream] }),
  });
  const [, text] = await told(exposing, get("/health"));
  assert.match(text, /"name":"o"/);
  assert.doesNotMatch(text, /10\.0\.0\.1/);
});

Deno.test("exposingHost() answers probes also when too many requests are under way", async () => {
  const { exposing, calls } = listener();
  assert.equal((await exposing.overloaded(get("/livez"))).status, 200);
  assert.equal((await exposing.overloaded(get("/a"))).status, 503);
  assert.deepEqual(calls, ["overloaded /a"]);
});

Deno.test("exposingHost() keeps its own answers out of what is told of traffic", async () => {
  const { exposing, calls } = listener(), probe = get("/livez"), request = get("/a"), refused = get("/livez");
  await exposing.handle(probe);
  await exposing.handle(request);
  let abandoned = 0;
  probe.onAbort({ abandon: () => abandoned++ });
  exposing.completed(probe, 200, 0, 14);
  exposing.completed(request, 200, 1, 2);
  // An engine that refuses by itself asks nobody: that is traffic.
  exposing.completed(refused, 400, 0, 0);
  assert.deepEqual(calls, ["handle /a", "completed /a 200 1 2", "completed /livez 400 0 0"]);
  assert.equal(abandoned, 1, "the exchange has ended");
  exposing.completed(probe, 200, 0, 14);
  assert.equal(calls.length, 4, "what has ended is forgotten");
});

Deno.test("exposingHost() takes pages that come later, with the fields that keep them out of caches", async () => {
  const { exposing } = listener(ALL, { metrics: () => Promise.resolve({ type: "text/x", text: "late" }) });
  const reply = await exposing.handle(makeExchange({ path: "/metrics" }));
  assert.deepEqual(reply.headers.flat(), [
    "content-type",
    "text/x",
    "cache-control",
    "no-store",
    "x-content-type-options",
    "nosniff",
  ]);
  assert.equal(await readText(reply.body), "late");
});

Deno.test("exposingHost() gives Accept to whoever writes the metrics", async () => {
  const exchange = makeExchange({ path: "/metrics", headers: [["accept", "application/openmetrics-text"]] });
  assert.equal((await told(listener().exposing, exchange))[1], "accept application/openmetrics-text\n");
});

Deno.test("exposingHost() has metrics written once a second in each format, however often strangers ask", async () => {
  let times = 0;
  const { exposing, clock } = listener(ALL, {
    metrics: () => {
      if (++times === 4) throw new Error("not this time");
      return { type: "text/x", text: `${times}` };
    },
  });
  const scrape = async (accept: string) =>
    (await told(exposing, makeExchange({ path: "/metrics", headers: [["accept", accept]] })))[1];
  const open = "application/openmetrics-text", plain = "text/plain";
  assert.deepEqual([await scrape(plain), await scrape(plain), await scrape("*/*")], ["1", "1", "1"]);
  assert.deepEqual([await scrape(open), await scrape(open + ";q=0.5")], ["2", "2"]);
  clock.advance(999);
  assert.equal(await scrape(plain), "1");
  clock.advance(1);
  assert.deepEqual([await scrape(plain), await scrape(plain)], ["3", "3"]);
  await assert.rejects(scrape(open), { message: "not this time" });
  assert.equal(await scrape(open), "5", "what could not be written is tried again");
});

Deno.test("exposingHost() leaves everything else to the host, its draining as it is at the time", () => {
  const { exposing, host } = listener();
  assert.deepEqual([exposing.draining, exposing.requestIdField], [false, "x-id"]);
  host.draining = true;
  assert.equal(exposing.draining, true);
  assert.equal(exposing.crashed(get("/"), "why").status, 500);
});
