import { strict as assert } from "node:assert";
import { defineBalancer, defineGateway, definePolicy, demo, type Gateway, headers, secret } from "gatewright";
import { compilePlan } from "../../src/compile/compile.ts";
import { validateConfig } from "../../src/config/validate.ts";
import { formatIssue } from "../../src/core/issue.ts";
import { redis } from "../../src/state/redis.ts";

function compile(config: Gateway) {
  const validated = validateConfig(config);
  assert.ok(validated.config !== null, validated.issues.map(formatIssue).join("\n"));
  return compilePlan(validated.config);
}

/** Each config and the plan that it must give, as JSON in `golden/`. `UPDATE_GOLDEN=1` writes them anew. */
const GOLDEN: Record<string, Gateway> = {
  smallest: defineGateway({ routes: [{ path: "/*", upstream: "http://localhost:3000" }] }),
  full: defineGateway({
    listen: [
      { port: 8080, redirect: true },
      {
        port: 8443,
        hostname: "127.0.0.1",
        tls: {
          cert: "./cert.pem",
          key: secret.env("TLS_KEY"),
          certificates: [{ hosts: ["*.shop.example"], cert: "./shop.pem", key: "./shop.key" }],
          clientCertificates: { ca: "./clients.pem" },
        },
        timeouts: { header: "5s", idle: "2m", body: "10s", write: "20s" },
        limits: {
          headerBytes: "4KiB",
          headerCount: 50,
          body: "10MB",
          connections: 500,
          perClient: 20,
          inFlight: 100,
          minRate: 0,
        },
      },
      { path: "/run/gateway.sock", proxyProtocol: true },
      { port: 8081, engine: "serve", redirect: { port: 443 }, limits: { body: 1_000_000 } },
    ],
    methods: ["PURGE"],
    admin: { port: 9000, hostname: "0.0.0.0", token: secret.env("ADMIN_TOKEN") },
    trustedProxies: ["10.0.0.0/8"],
    paths: { encodedSlash: "reject", mergeSlashes: true },
    requestId: { accept: "trusted", header: "X-Correlation-Id" },
    shutdown: { delay: "5s", grace: "1m" },
    telemetry: { accessLog: { file: "./var/access.log" } },
    upstreams: {
      users: {
        endpoints: ["http://127.0.0.1:9001", { url: "http://[::1]:9002", weight: 2 }],
        timeouts: { head: "5s" },
        pool: { max: 8, idle: "10s" },
      },
      billing: {
        endpoints: ["https://billing.example"],
        tls: { ca: secret.file("ca.pem"), serverName: "billing.example" },
        protocol: "h2",
      },
      local: { endpoints: ["unix:/run/app.sock"] },
      tour: [demo("slow", { port: 9003 }), demo("faulty", { port: 9004, failureRate: 0.5 })],
      shop: {
        endpoints: [
          { url: "http://10.0.0.1:80", weight: 3, maxInFlight: 20 },
          "http://10.0.0.2:80",
          { url: "http://10.9.0.1:80", backup: true },
        ],
        balance: "least-requests",
        sticky: { cookie: "gw", secret: secret.env("STICKY"), ttl: "1h" },
        slowStart: "30s",
        maxInFlight: { perEndpoint: 50, queue: 10 },
        health: { path: "/up", statuses: ["2xx"], body: "^ok$", start: "down" },
        outliers: { consecutive5xx: 7, successRate: {} },
        circuitBreaker: [{ failureRatio: 0.5 }, { per: "upstream", failureThreshold: 50, openFor: "5s" }],
        timeouts: { attempt: "2s", total: "10s", deadlineHeader: "grpc-timeout" },
        retry: { attempts: 3, backoff: "50ms", on: ["connect-error", "5xx"] },
        hedge: { after: "p95", max: 2 },
      },
      "shop-next": {
        endpoints: { dns: "https://next.example", refresh: "30s", nameservers: ["10.0.0.53"] },
        balance: defineBalancer({ name: "first", create: () => (eligible) => eligible[0] }),
        circuitBreaker: {},
        retry: false,
      },
      sessions: {
        endpoints: ["http://10.0.1.1", "http://10.0.1.2"],
        balance: "hash",
        hashBy: ["cookie:uid", "ip"],
        boundedLoad: 1.25,
        health: { tcp: true },
      },
      shadow: { endpoints: { dns: "http://_http._tcp.shadow.internal", record: "srv" }, maxInFlight: 64 },
    },
    stores: { limits: redis({ url: "redis://10.0.0.9", password: secret.env("REDIS_PASSWORD"), timeout: "20ms" }) },
    policies: [headers({ response: { remove: ["server"] } })],
    routes: [
      {
        path: "/users/:id",
        methods: ["GET", "PATCH"],
        host: ["api.example.com", "*.example.net"],
        upstream: "users",
        rewrite: "/v2/{id}",
        timeouts: { idle: "1s" },
        policies: [
          headers({ request: { set: { "x-id": "{param:id}" } } }),
          headers({ request: { remove: ["cookie"] } }),
        ],
      },
      { path: "/files/*rest", name: "files", upstream: "billing", stripPrefix: "/files", onClientAbort: "finish" },
      { path: "/cache/*", methods: ["PURGE"], upstream: "local" },
      { path: "/tour", query: { v: { regex: "[12]" } }, headers: { "X-Beta": { present: true } }, upstream: "tour" },
      { path: "/t", tenant: { key: "header:x-user-id", is: ["a", "b"] }, upstream: "http://127.0.0.1:9100" },
      {
        path: "/shop/:user/*rest",
        split: {
          to: [
            { upstream: "shop", weight: 95 },
            { upstream: "shop-next", weight: 5, when: "header:X-Canary=1" },
            { upstream: "http://10.0.3.1", weight: 0, when: "header:x-lab" },
          ],
          stickyBy: ["cookie:uid", "param:user"],
        },
        stripPrefix: "/shop",
        timeouts: { head: "5s", deadlineHeader: false },
        hedge: false,
        mirror: { upstream: "shadow", share: 0.01 },
        fallback: { respond: { status: 503, body: "back soon" } },
      },
      {
        path: "/sessions",
        methods: ["GET", "POST"],
        upstream: "sessions",
        timeouts: { attempt: "1s", total: "5s" },
        retry: { attempts: 4, budget: false, buffer: 0, unsafe: "may-duplicate" },
        hedge: { after: "80ms" },
        fallback: { upstream: "shop", on: ["5xx", 429] },
      },
      { path: "/orders", upstream: "shop", timeouts: { attempt: false, total: false }, retry: false, hedge: false },
      { path: "/next", upstream: "shop-next", retry: { on: [503] } },
      { path: "/old/:x", redirect: { to: "/new/{param:x}", status: 308 } },
      { path: "/teapot", respond: { status: 418, json: { tea: true } } },
    ],
  }),
};

for (const [name, config] of Object.entries(GOLDEN)) {
  Deno.test(`golden: ${name} compiles to its plan`, async () => {
    const { plan, issues } = compile(config);
    assert.deepEqual(issues, []);
    const text = JSON.stringify(plan, null, 2) + "\n", file = new URL(`golden/${name}.json`, import.meta.url);
    if (Deno.env.get("UPDATE_GOLDEN")) await Deno.writeTextFile(file, text);
    assert.equal(text, await Deno.readTextFile(file));
  });
}

Deno.test("the plan is frozen through and through", () => {
  const { plan } = compile(GOLDEN.full);
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    assert.ok(Object.isFrozen(value));
    // What a policy was given is its own: it may be an object that its author goes on using.
    for (const [name, member] of Object.entries(value)) if (name !== "options") look(member);
  };
  look(plan);
});

Deno.test("the same config compiles to the same plan, whatever the order of its routes", () => {
  const routes = [
    { path: "/*", respond: {} },
    { path: "/a/:id", respond: {} },
    { path: "/a/b", methods: ["GET"], respond: {} },
    { path: "/a/b", respond: {} },
    { path: "/a/b", host: "x.example", respond: {} },
  ] as const;
  const ids = (list: readonly object[]) =>
    compile({ routes: list } as unknown as Gateway).plan.routes.map(({ id }) => id);
  const expected = ["x.example /a/b", "GET /a/b", "/a/b", "/a/:id", "/*"];
  assert.deepEqual(ids(routes), expected);
  assert.deepEqual(ids([...routes].reverse()), expected);
});

Deno.test("policy nodes are named after their route and kind, counted within a chain", () => {
  const one = () => definePolicy({ name: "one", handle: (_ctx, next) => next() });
  const two = definePolicy({ name: "two", handle: (_ctx, next) => next() });
  const { plan } = compile(defineGateway({
    policies: [one(), one()],
    routes: [{ path: "/a", name: "a", respond: {}, policies: [one(), two, one(), one()] }],
  }));
  assert.deepEqual(plan.policies.map(({ id }) => id), ["global/one", "global/one#2"]);
  assert.deepEqual(plan.routes[0].policies.map(({ id }) => id), ["a/one", "a/two", "a/one#2", "a/one#3"]);
});

for (
  const [title, routes, expected] of [
    [
      "duplicates",
      [{ path: "/a/:x", respond: {} }, { path: "/a/:y", respond: {} }],
      /^error: routes\[1\]: matches the same requests as .*routes\[0\].*: GET http:\/\/.*\/a\//,
    ],
    [
      "a name that is another route's id",
      [{ path: "/a", respond: {} }, { path: "/b", name: "/a", respond: {} }],
      /^error: routes\[1\]: its id "\/a" is that of routes\[0\] too/,
    ],
    [
      "routes that tie",
      [{ path: "/a", methods: ["GET"], name: "one", respond: {} }, {
        path: "/a",
        methods: ["GET", "POST"],
        name: "two",
        respond: {},
      }],
      /is as specific as .*and both match: GET http:\/\//,
    ],
    [
      "a route out of reach",
      [
        { path: "/a", name: "base", respond: {} },
        { path: "/a", headers: { x: { present: true } }, respond: {} },
        { path: "/a", headers: { x: { present: false } }, respond: {} },
      ],
      /^error: routes\[0\]: no request can reach it: everything that it matches goes to/,
    ],
  ] as const
) {
  Deno.test(`${title} are an issue with a request that proves it`, () => {
    const { issues } = compile({ routes } as unknown as Gateway);
    assert.equal(issues.length, 1);
    assert.match(formatIssue(issues[0]), expected);
  });
}

Deno.test("a redirect to the listener with TLS has its port, 0 where that is any free one", () => {
  const redirects = (port: number) =>
    compile(defineGateway({
      listen: [{ port: 80, redirect: true }, { port, tls: { cert: "a.pem", key: "a.key" } }],
      routes: [{ path: "/", respond: {} }],
    })).plan.listeners.map(({ scheme, redirect }) => ({ scheme, redirect }));
  assert.deepEqual(redirects(8443), [{ scheme: "http", redirect: { port: 8443 } }, {
    scheme: "https",
    redirect: null,
  }]);
  assert.deepEqual(redirects(0)[0].redirect, { port: 0 });
});
