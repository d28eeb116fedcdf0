import { strict as assert } from "node:assert";
import { inspectPlan } from "../../src/admin/inspect.ts";
import { routeViews } from "../../src/admin/route_view.ts";
import type { Plan, RoutePlan } from "../../src/compile/plan.ts";
import { secret } from "../../src/core/secret.ts";

const TIMEOUTS = { connect: 1, tls: 2, head: 3, idle: 4 };

const ROUTE: RoutePlan = {
  id: "users",
  path: "/users/:id",
  hosts: ["a.example"],
  methods: ["GET"],
  predicates: [{ of: "header", name: "x-a", match: { oneOf: ["1", "2"] } }],
  target: {
    kind: "upstream",
    upstream: "users",
    path: { rewrite: "/u/:id" },
    timeouts: TIMEOUTS,
    onClientAbort: "cancel",
  },
  policies: [{ id: "users/headers", policy: { kind: "headers", options: {} }, summary: "sets x-b" }],
  source: "routes[0]",
};

const PLAN: Plan = {
  listeners: [],
  admin: { hostname: "0.0.0.0", port: 9901, token: secret.env("ADMIN_TOKEN") },
  trustedProxies: [],
  methods: [],
  paths: { encodedSlash: "keep", mergeSlashes: false },
  requestId: { accept: "any", header: "x-request-id" },
  shutdown: { delay: 0, grace: 30_000 },
  accessLog: null,
  upstreams: [{
    name: "users",
    endpoints: [{
      id: "users/http://127.0.0.1:9001",
      url: "http://127.0.0.1:9001",
      scheme: "http",
      address: { kind: "tcp", hostname: "127.0.0.1", port: 9001 },
      weight: 1,
      demo: null,
    }],
    balance: "round-robin",
    host: "client",
    timeouts: TIMEOUTS,
    pool: { max: 1, idle: 1 },
    tls: null,
    protocol: "h1",
  }],
  policies: [{ id: "global/audit", policy: { kind: "audit", options: {} }, summary: "audit" }],
  routes: [ROUTE],
};

Deno.test("routeViews() shows conditions, the whole chain outermost first, and the target", () => {
  assert.deepEqual(routeViews(PLAN), [{
    id: "users",
    methods: ["GET"],
    hosts: ["a.example"],
    path: "/users/:id",
    predicates: ["header:x-a=1|2"],
    chain: [
      { id: "global/audit", kind: "audit", summary: "audit" },
      { id: "users/headers", kind: "headers", summary: "sets x-b" },
    ],
    target: { kind: "upstream", upstream: "users", endpoints: ["http://127.0.0.1:9001"], rewrite: "/u/:id" },
    source: "routes[0]",
  }]);
});

Deno.test("routeViews() shows each kind of target", () => {
  const targets: [RoutePlan["target"], unknown][] = [
    [{ kind: "redirect", to: "/new", status: 308, keepQuery: true }, { kind: "redirect", status: 308, to: "/new" }],
    [{ kind: "respond", status: 204, headers: {}, body: null }, { kind: "respond", status: 204 }],
    [{
      kind: "handler",
      handler: function hello() {
        return new Response();
      },
    }, { kind: "handler", name: "hello" }],
    [
      {
        kind: "upstream",
        upstream: "users",
        path: { stripPrefix: "/api" },
        timeouts: TIMEOUTS,
        onClientAbort: "cancel",
      },
      { kind: "upstream", upstream: "users", endpoints: ["http://127.0.0.1:9001"], stripPrefix: "/api" },
    ],
  ];
  for (const [target, view] of targets) {
    assert.deepEqual(routeViews({ ...PLAN, routes: [{ ...ROUTE, target }] })[0].target, view);
  }
});

Deno.test("inspectPlan() shows the config with secrets as references", () => {
  const inspect = inspectPlan(PLAN, () => ["draining"]);
  assert.deepEqual(JSON.parse(JSON.stringify(inspect.config())).admin.token, { env: "ADMIN_TOKEN" });
  assert.deepEqual(inspect.notReady(), ["draining"]);
});
