import { strict as assert } from "node:assert";
import { LanguageServer } from "./language_server.ts";

const UPSTREAMS = `upstreams: { users: "http://a", files: { endpoints: ["http://b"] } }`;

/** A config with this route among others; `|` is where the cursor stands. */
function route(fields: string, rest = ""): string {
  return `import { defineGateway, demo, headers } from "gatewright";
void [demo, headers];
export default defineGateway({
  ${UPSTREAMS},${rest}
  routes: [
    { path: "/", respond: { body: "hello" } },
    { ${fields} },
    { path: "/other/:other", handler: (ctx) => new Response(ctx.params.other) },
  ],
});
`;
}

/** A config with one route and no other: what is written stays inferred while handlers elsewhere wait for their types. */
function onlyRoute(fields: string): string {
  return `import { defineGateway } from "gatewright";
export default defineGateway({ ${UPSTREAMS}, routes: [{ ${fields} }] });
`;
}

/** A config with this as its `listen`. */
function listener(value: string): string {
  return route('path: "/a", upstream: "users"', ` listen: ${value},`);
}

/** A config with this in its `telemetry`. */
function telemetry(settings: string): string {
  return route('path: "/a", upstream: "users"', ` telemetry: { ${settings} },`);
}

/** What every listener can have. */
const LISTENER = ["engine?", "expose?", "limits?", "proxyProtocol?", "redirect?", "timeouts?", "tls?"];

const CIRCUIT_BREAKER = [
  "consecutiveFailures?",
  "failureRatio?",
  "failureThreshold?",
  "failures?",
  "halfOpenRequests?",
  "jitter?",
  "maxOpenFor?",
  "minRequests?",
  "openFor?",
  "per?",
  "successThreshold?",
  "window?",
];
const OUTCOMES = ["5xx", "connect-error", "protocol-error", "reset", "timeout"];

/** A config with one upstream. */
function upstream(value: string): string {
  return `import { defineGateway, demo } from "gatewright";
void demo;
export default defineGateway({ upstreams: { app: ${value} }, routes: [] });
`;
}

Deno.test("an editor offers what fits while a config is written", async (t) => {
  await using server = await LanguageServer.start();
  const rows: [name: string, text: string, offered: string[]][] = [
    ["names of upstreams", route('path: "/a", upstream: "|"'), ["files", "users"]],
    ["names of upstreams behind a letter", route('path: "/a", upstream: "u|"'), ["files", "users"]],
    ["names of upstreams beside a rewrite", route('path: "/a/:id", upstream: "|", rewrite: "/b/:id"'), [
      "files",
      "users",
    ]],
    ["the path and its ends in a rewrite", route('path: "/a/b/:id", upstream: "users", rewrite: "|"'), [
      "/:id",
      "/a/b/:id",
      "/b/:id",
    ]],
    ["the ends of a path with wildcards", route('path: "/a/*/b/*rest", upstream: "users", rewrite: "/|"'), [
      "/",
      "/*rest",
      "/b/*rest",
    ]],
    ["parameters in a rewrite", onlyRoute('path: "/a/:id/:part", upstream: "users", rewrite: "/b/:|"'), [
      "/b/:id",
      "/b/:part",
    ]],
    ["parameters in a handler", route('path: "/a/:id/*rest", handler: (ctx) => new Response(ctx.params.|)'), [
      "id",
      "rest",
    ]],
    ["prefixes of the path", route('path: "/a/b/*", upstream: "users", stripPrefix: "|"'), ["/a", "/a/b"]],
    ["methods", route('path: "/a", upstream: "users", methods: ["|"]'), [
      "DELETE",
      "GET",
      "HEAD",
      "OPTIONS",
      "PATCH",
      "POST",
      "PUT",
    ]],
    ["keys of a route that are missing", route('path: "/a", upstream: "users", |'), [
      "fallback?",
      "handler?",
      "headers?",
      "hedge?",
      "host?",
      "methods?",
      "mirror?",
      "name?",
      "onClientAbort?",
      "policies?",
      "public?",
      "query?",
      "redirect?",
      "respond?",
      "retry?",
      "rewrite?",
      "split?",
      "stripPrefix?",
      "telemetry?",
      "tenant?",
      "timeouts?",
    ]],
    ["keys of a route without target", route('path: "/a", policies: [headers({})], up|'), [
      "fallback?",
      "handler?",
      "headers?",
      "hedge?",
      "host?",
      "methods?",
      "mirror?",
      "name?",
      "onClientAbort?",
      "public?",
      "query?",
      "redirect?",
      "respond?",
      "retry?",
      "rewrite?",
      "split?",
      "stripPrefix?",
      "telemetry?",
      "tenant?",
      "timeouts?",
      "upstream?",
    ]],
    ["keys of the config", route('path: "/a", upstream: "users"', " |"), [
      "admin?",
      "consumers?",
      "include?",
      "invariants?",
      "listen?",
      "methods?",
      "paths?",
      "policies?",
      "requestId?",
      "shutdown?",
      "stores?",
      "telemetry?",
      "trustedProxies?",
    ]],
    ["keys of telemetry", telemetry("|"), ["accessLog?", "log?", "metrics?", "resource?", "service?", "traces?"]],
    ["keys of traces", telemetry("traces: { | }"), [
      "accept?",
      "batch?",
      "keepErrors?",
      "policies?",
      "propagate?",
      "responseHeader?",
      "sample?",
      "to?",
    ]],
    ["where spans go", telemetry('traces: { to: "|" }'), ["console", "otlp"]],
    ["keys of a collector", telemetry('metrics: { to: { otlp: "http://a", | } }'), [
      "compression?",
      "every?",
      "headers?",
      "protocol?",
      "timeout?",
    ]],
    ["ways to hand traces on", telemetry('traces: { propagate: ["|"] }'), [
      "b3",
      "b3multi",
      "baggage",
      "tracecontext",
    ]],
    ["formats of the access log", telemetry('accessLog: { format: "|" }'), ["combined", "common", "json"]],
    ["keys of a listener", listener("{ | }"), [...LISTENER, "hostname?", "path?", "port"].sort()],
    [
      "keys of a listener in a list",
      listener("[{ port: 80 }, { port: 81, | }]"),
      [...LISTENER, "hostname?", "path?"].sort(),
    ],
    ["keys of a listener on a Unix socket", listener('{ path: "/a", | }'), LISTENER],
    ["engines", listener('{ port: 80, engine: "|" }'), ["h1", "serve"]],
    ["what a listener answers itself", listener('{ port: 80, expose: ["|"] }'), ["health", "metrics"]],
    ["keys of a listener on Deno.serve", listener('{ port: 80, engine: "serve", | }'), [
      "expose?",
      "hostname?",
      "limits?",
      "path?",
      "redirect?",
      "timeouts?",
      "tls?",
    ]],
    ["limits that Deno.serve can keep to", listener('{ port: 80, engine: "serve", limits: { | } }'), [
      "body?",
      "inFlight?",
      "target?",
    ]],
    ["keys of a listener's TLS", listener('{ port: 80, tls: { cert: "a", | } }'), [
      "certificates?",
      "clientCertificates?",
      "http2?",
      "key",
    ]],
    ["what becomes of a request whose client went away", route('path: "/a", upstream: "users", onClientAbort: "|"'), [
      "cancel",
      "finish",
    ]],
    ["protocols", upstream('{ endpoints: ["http://a"], protocol: "|" }'), ["h1", "h2"]],
    ["keys of an upstream", upstream('{ endpoints: ["http://a"], | }'), [
      "balance?",
      "boundedLoad?",
      "circuitBreaker?",
      "hashBy?",
      "health?",
      "hedge?",
      "host?",
      "maxInFlight?",
      "outliers?",
      "pool?",
      "protocol?",
      "required?",
      "retry?",
      "slowStart?",
      "sticky?",
      "timeouts?",
      "tls?",
    ]],
    ["keys of an endpoint", upstream('[{ url: "http://a", | }]'), ["backup?", "maxInFlight?", "tier?", "weight?"]],
    ["balancers", upstream('{ endpoints: ["http://a"], balance: "|" }'), [
      "hash",
      "least-requests",
      "p2c",
      "peak-ewma",
      "random",
      "round-robin",
      "weighted-latency",
      "weighted-round-robin",
    ]],
    ["keys of a hash", upstream('{ endpoints: ["http://a"], hashBy: "|" }'), ["ip", "request:id", "route"]],
    ["keys of what DNS finds", upstream('{ endpoints: { dns: "http://a", | } }'), [
      "family?",
      "maxRefresh?",
      "nameservers?",
      "record?",
      "refresh?",
    ]],
    ["records", upstream('{ endpoints: { dns: "http://a", record: "|" } }'), ["address", "srv"]],
    ["keys of a limit", upstream('{ endpoints: ["http://a"], maxInFlight: { | } }'), [
      "perEndpoint?",
      "queue?",
      "queueTimeout?",
      "total?",
    ]],
    ["keys of a circuit breaker", upstream('{ endpoints: ["http://a"], circuitBreaker: { | } }'), CIRCUIT_BREAKER],
    ["keys of a circuit breaker in a list", upstream('{ endpoints: ["http://a"], circuitBreaker: [{ | }] }'), [
      ...CIRCUIT_BREAKER,
    ]],
    [
      "what counts as a failure",
      upstream('{ endpoints: ["http://a"], circuitBreaker: { failures: ["|"] } }'),
      OUTCOMES,
    ],
    ["classes of statuses", upstream('{ endpoints: ["http://a"], health: { statuses: ["|"] } }'), [
      "2xx",
      "3xx",
      "4xx",
      "5xx",
    ]],
    ["what is tried again", route('path: "/a", upstream: "users", retry: { on: ["|"] }'), OUTCOMES],
    ["keys of a route's retry", route('path: "/a", upstream: "users", retry: { | }'), [
      "attempts?",
      "backoff?",
      "budget?",
      "buffer?",
      "on?",
      "unsafe?",
    ]],
    ["keys of a split", route('path: "/a", split: { | }'), ["stickyBy?", "to"]],
    ["upstreams of a branch", route('path: "/a", split: { to: [{ upstream: "|", weight: 1 }] }'), ["files", "users"]],
    ["keys of a branch", route('path: "/a", split: { to: [{ upstream: "users", | }] }'), ["weight", "when?"]],
    ["upstreams of a mirror", route('path: "/a", upstream: "users", mirror: { upstream: "|" }'), ["files", "users"]],
    ["keys of a mirror", route('path: "/a", upstream: "users", mirror: { upstream: "files", | }'), [
      "buffer?",
      "maxInFlight?",
      "share?",
    ]],
    ["keys of a fallback", route('path: "/a", upstream: "users", fallback: { | }'), ["on?", "respond", "upstream"]],
    ["upstreams of a fallback", route('path: "/a", upstream: "users", fallback: { upstream: "|" }'), [
      "files",
      "users",
    ]],
    ["kinds of demo endpoints", upstream('[demo("|", { port: 1 })]'), ["echo", "fast", "faulty", "slow"]],
    ["options of a demo endpoint", upstream('[demo("slow", { port: 1, | })]'), ["delay?"]],
    [
      "keys of what headers() changes",
      route('path: "/a", upstream: "users", policies: [headers({ request: { | } })]'),
      ["append?", "remove?", "set?"],
    ],
  ];
  for (const [name, text, offered] of rows) {
    await t.step(name, async () => assert.deepEqual(await server.completions(text), offered));
  }
});
