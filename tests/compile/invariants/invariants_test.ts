import { strict as assert } from "node:assert";
import { definePolicy } from "gatewright";
import { compilePlan } from "../../../src/compile/compile.ts";
import { validateConfig } from "../../../src/config/validate.ts";
import type { Invariant, InvariantRoute } from "../../../src/core/invariant.ts";
import { formatIssue } from "../../../src/core/issue.ts";
import { traitPolicy } from "../../support/trait_policy.ts";

const ident = traitPolicy("ident", { identity: "required" });
const otherIdent = traitPolicy("otherIdent", { identity: "required" });
const maybe = traitPolicy("maybe", { identity: "optional" });
const filter = traitPolicy("filter", {});
const paint = traitPolicy("paint", { guard: false });
const harmless = definePolicy({ name: "harmless", guard: false, handle: (_ctx, next) => next() });
const own = definePolicy({ name: "own", gives: ["identity"], handle: (_ctx, next) => next() });

function issues(config: object): string[] {
  const { config: valid, issues } = validateConfig(
    { upstreams: { app: "http://127.0.0.1:9001" }, ...config },
  );
  assert.ok(valid !== null, issues.map(formatIssue).join("\n"));
  return compilePlan(valid).issues.map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
}

/** A route to an upstream. */
const to = (path: string, ...policies: unknown[]) => ({ path, upstream: "app", policies });
const GUARDED = { ...to("/g", ident), methods: ["GET"] };
const open = (id: string, methods: string) =>
  `"${id}" takes ${methods} from anybody: no policy of its chain asks who it is`;

const WRITERS: readonly (readonly [what: string, config: object, expected: readonly string[]])[] = [
  ["a route that writes for anybody, in a config that asks elsewhere", { routes: [GUARDED, to("/w")] }, [
    `warning routes[1]: ${open("/w", "every method")}`,
  ]],
  ["one that names its methods", { routes: [GUARDED, { ...to("/w"), methods: ["GET", "POST"] }] }, [
    `warning routes[1]: ${open("GET,POST /w", "GET, POST")}`,
  ]],
  ["a handler that writes", { routes: [GUARDED, { path: "/w", handler: () => new Response() }] }, [
    `warning routes[1]: ${open("/w", "every method")}`,
  ]],
  ["a config that asks nowhere", { routes: [to("/w"), to("/v", filter)] }, []],
  ["a route that only reads", { routes: [GUARDED, { ...to("/r"), methods: ["GET", "OPTIONS"] }] }, []],
  ["a fixed answer and a redirect", {
    routes: [GUARDED, { path: "/f", respond: {} }, { path: "/x", redirect: "/f" }],
  }, []],
  ["a route that says it is public", { routes: [GUARDED, { ...to("/w"), public: true }] }, []],
  ["one that asks, and takes no answer for one", { routes: [GUARDED, to("/w", maybe)] }, []],
  ["one with a policy of a user's own that provides identity", { routes: [GUARDED, to("/w", own)] }, []],
  ["one behind a global identity policy", { policies: [ident], routes: [to("/w")] }, []],
];

for (const [what, config, expected] of WRITERS) {
  Deno.test(`openWriters(): ${what}`, () => assert.deepEqual(issues(config), expected));
}

const get = (path: string, ...policies: unknown[]) => ({ ...to(path, ...policies), methods: ["GET"] });
const lacks = (id: string, guard: string, others: number, prefix: string) =>
  `"${id}" lacks ${guard}, which ${others} other routes below ${prefix} have`;

const SIBLINGS: readonly (readonly [what: string, routes: readonly object[], expected: readonly string[]])[] = [
  ["the one of three without a guard", [get("/api/a", filter), get("/api/b"), get("/api/c", filter)], [
    `warning routes[1]: ${lacks("GET /api/b", "filter", 2, "/api")}`,
  ]],
  ["the one of three without identity, in whatever way the others ask", [
    get("/api/a", ident),
    get("/api/:b"),
    get("/api/c", otherIdent),
  ], [`warning routes[1]: ${lacks("GET /api/:b", "an identity policy", 2, "/api")}`]],
  ["an optional identity counts as none", [get("/api/a", ident), get("/api/b", maybe), get("/api/c", ident)], [
    `warning routes[1]: ${lacks("GET /api/b", "an identity policy", 2, "/api")}`,
  ]],
  ["once, below the longest prefix that shows it", [
    get("/api/v1/a", filter),
    get("/api/v1/b"),
    get("/api/v1/c", filter),
    get("/api/v2", filter),
  ], [`warning routes[1]: ${lacks("GET /api/v1/b", "filter", 2, "/api/v1")}`]],
  ["two routes, of which none is odd", [get("/api/a", filter), get("/api/b")], []],
  ["two of four without it", [get("/api/a", filter), get("/api/b"), get("/api/c", filter), get("/api/d")], []],
  ["another prefix", [get("/api/a", filter), get("/web"), get("/api/c", filter)], []],
  ["another host", [
    get("/api/a", filter),
    { ...get("/api/b"), host: "b.example.com" },
    get("/api/c", filter),
  ], []],
  ["what guards nothing", [get("/api/a", paint), get("/api/b"), get("/api/c", paint)], []],
  ["what a user's policy says is no guard", [get("/api/a", harmless), get("/api/b"), get("/api/c", harmless)], []],
  ["a public route", [get("/api/a", ident), { ...get("/api/b"), public: true }, get("/api/c", ident)], []],
  ["the one that forgot it, beside one that is public on purpose", [
    get("/api/a", ident),
    { ...get("/api/login"), public: true },
    get("/api/c"),
    get("/api/d", ident),
  ], [`warning routes[2]: ${lacks("GET /api/c", "an identity policy", 2, "/api")}`]],
  ["the one that forgot it, beside a fixed answer and a redirect, which hold nothing", [
    get("/api/a", ident),
    { path: "/api/b", respond: {} },
    get("/api/c"),
    { path: "/api/old", redirect: "/api/a" },
    { path: "/api/d", respond: {}, policies: [ident] },
  ], [`warning routes[2]: ${lacks("GET /api/c", "an identity policy", 2, "/api")}`]],
  ["a fixed answer and a redirect", [
    get("/api/a", ident, filter),
    { path: "/api/b", respond: {} },
    get("/api/c", ident, filter),
  ], []],
  ["identity that a user's own policy provides", [get("/api/a", ident), get("/api/b", own), get("/api/c", ident)], []],
  ["the one without a user's own identity policy", [get("/api/a", own), get("/api/b"), get("/api/c", own)], [
    `warning routes[1]: ${lacks("GET /api/b", "an identity policy", 2, "/api")}`,
  ]],
];

for (const [what, routes, expected] of SIBLINGS) {
  Deno.test(`oddSiblings(): ${what}`, () => assert.deepEqual(issues({ routes }), expected));
}

const ROUTES = [{ path: "/a", respond: {} }, { ...get("/b/:id", ident), name: "b" }];
const invariant = (assert: (route: InvariantRoute) => unknown): Invariant => ({
  name: "all is well",
  assert: assert as Invariant["assert"],
});

const OWN: readonly (readonly [what: string, invariant: Invariant, expected: readonly string[]])[] = [
  ["one that holds, by true or by nothing", invariant(({ path }) => path === "/a" ? true : undefined), []],
  ["one that a route breaks", invariant(({ identified }) => !identified), [
    'error routes[1]: "b" breaks the invariant "all is well"',
  ]],
  ["one that says how", invariant((route) => route.has("ident") || "it asks nobody"), [
    'error routes[0]: "/a" breaks the invariant "all is well": it asks nobody',
  ]],
  ["one that throws", invariant(({ upstreams: [name] }) => name.length > 0), [
    'error routes[0]: "/a" breaks the invariant "all is well": Cannot read properties of undefined (reading \'length\')',
  ]],
  ["one that is async, and would always look well", invariant(() => Promise.resolve(false)), [
    'error routes[0]: "/a" breaks the invariant "all is well": assert returned a promise, not true, false or a text',
    'error routes[1]: "b" breaks the invariant "all is well": assert returned a promise, not true, false or a text',
  ]],
];

for (const [what, invariant, expected] of OWN) {
  Deno.test(`invariants: ${what}`, () =>
    assert.deepEqual(issues({ routes: ROUTES, invariants: [invariant] }), expected));
}

Deno.test("an invariant sees the compiled route", () => {
  const seen: unknown[] = [];
  const look = invariant(({ policies, has, ...route }) => {
    seen.push({ ...route, kinds: policies.map(({ kind }) => kind), filtered: has("filter") });
    return true;
  });
  assert.deepEqual(issues({ policies: [filter], routes: ROUTES, invariants: [look] }), []);
  assert.deepEqual(seen, [
    {
      id: "/a",
      path: "/a",
      hosts: [],
      methods: [],
      target: "respond",
      upstreams: [],
      writes: true,
      identified: false,
      public: false,
      kinds: ["filter"],
      filtered: true,
    },
    {
      id: "b",
      path: "/b/:id",
      hosts: [],
      methods: ["GET"],
      target: "upstream",
      upstreams: ["app"],
      writes: false,
      identified: true,
      public: false,
      kinds: ["filter", "ident"],
      filtered: true,
    },
  ]);
});
