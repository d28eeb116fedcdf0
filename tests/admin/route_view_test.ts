import { strict as assert } from "node:assert";
import { inspectPlan } from "../../src/admin/inspect.ts";
import { routeViews } from "../../src/admin/route_view.ts";
import type { Plan, RoutePlan } from "../../src/compile/plan.ts";
import { secret } from "../../src/core/secret.ts";
import { DEFAULT_TIMEOUTS } from "../../src/upstreams/default_upstream.ts";
import { targetTo, upstreamPlan } from "../support/upstream_plan.ts";
import { QUIET } from "../support/telemetry.ts";

const HOP = { timeouts: DEFAULT_TIMEOUTS, retry: null, hedge: null };

const ROUTE: RoutePlan = {
  id: "users",
  path: "/users/:id",
  hosts: ["a.example"],
  methods: ["GET"],
  predicates: [{ of: "header", name: "x-a", match: { oneOf: ["1", "2"] } }],
  target: targetTo("users", { path: { rewrite: "/u/:id" } }),
  policies: [{ id: "users/headers", policy: { kind: "headers", options: {} }, summary: "sets x-b" }],
  telemetry: { traces: null, accessLog: null },
  public: false,
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
  telemetry: QUIET,
  upstreams: [upstreamPlan("users", [9001]), upstreamPlan("next", [9002], { retry: null })],
  stores: [],
  consumers: [],
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
    hops: [{
      upstream: "users",
      tries: 2,
      repeats: ["GET: connect-error, reset, timeout, protocol-error, 502, 503, 504"],
      bodies: null,
      hedge: null,
      worstCase: 65_025,
    }],
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
      targetTo("users", {
        path: { stripPrefix: "/api" },
        mirror: { upstream: "next", share: 0.1, maxInFlight: 1, buffer: 1 },
        fallback: { on: [], target: { kind: "upstream", upstream: "next" } },
      }),
      {
        kind: "upstream",
        upstream: "users",
        endpoints: ["http://127.0.0.1:9001"],
        stripPrefix: "/api",
        mirror: { upstream: "next", share: 0.1 },
        fallback: "next",
      },
    ],
    [
      {
        ...targetTo("users", {
          fallback: { on: [500], target: { kind: "respond", status: 503, headers: {}, body: "x" } },
        }),
        kind: "split",
        branches: [
          { ...HOP, upstream: "users", weight: 9, when: null },
          { ...HOP, upstream: "next", weight: 1, when: { header: "x-next", value: "1" } },
          { ...HOP, upstream: "next", weight: 0, when: { header: "x-any", value: null } },
        ],
        stickyBy: ["ip"],
      },
      {
        kind: "split",
        branches: [
          { upstream: "users", weight: 9 },
          { upstream: "next", weight: 1, when: "header:x-next=1" },
          { upstream: "next", weight: 0, when: "header:x-any" },
        ],
        stickyBy: ["ip"],
        fallback: 503,
      },
    ],
  ];
  for (const [target, view] of targets) {
    assert.deepEqual(routeViews({ ...PLAN, routes: [{ ...ROUTE, target }] })[0].target, view);
  }
});

Deno.test("inspectPlan() shows the config with secrets as references", () => {
  const inspect = inspectPlan(PLAN, {
    notReady: () => ["draining"],
    health: () => ({ status: "fail", ready: false, reasons: ["draining"], upstreams: [] }),
    metrics: null,
    upstreams: () => [],
    caches: () => [],
    purge: () => Promise.resolve({ caches: [], removed: 0, failures: [] }),
  });
  assert.deepEqual(JSON.parse(JSON.stringify(inspect.config())).admin.token, { env: "ADMIN_TOKEN" });
  assert.deepEqual(inspect.notReady(), ["draining"]);
});

Deno.test("routeViews() shows each way of a split, with what is sent again", () => {
  const branches = [
    { ...HOP, upstream: "users", weight: 9, when: null },
    { ...HOP, timeouts: { ...DEFAULT_TIMEOUTS, total: 5_000 }, upstream: "next", weight: 1, when: null },
  ];
  const target = { ...targetTo("users"), kind: "split", branches, stickyBy: [] } as const;
  const [{ hops }] = routeViews({ ...PLAN, routes: [{ ...ROUTE, target }] });
  assert.deepEqual(hops.map(({ upstream, tries, worstCase }) => [upstream, tries, worstCase]), [
    ["users", 1, 32_000],
    ["next", 1, 5_000],
  ]);
});
