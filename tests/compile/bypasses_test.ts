import { strict as assert } from "node:assert";
import { definePolicy, type Gateway, headers } from "gatewright";
import { compilePlan } from "../../src/compile/compile.ts";
import { validateConfig } from "../../src/config/validate.ts";
import { formatIssue } from "../../src/core/issue.ts";

const jwt = definePolicy({ name: "jwt", handle: (_ctx, next) => next() });
const quota = definePolicy({ name: "quota", handle: (_ctx, next) => next() });
const shaping = headers({ request: { remove: ["x-a"] } });

const UPSTREAMS = {
  app: "http://127.0.0.1:9001",
  twin: ["http://127.0.0.1:9002", "http://127.0.0.1:9001/"],
  other: "http://127.0.0.1:9003",
  found: { endpoints: { dns: "http://app.internal" } },
  foundToo: { endpoints: { dns: "http://app.internal:80" }, retry: false },
};

/** Path and text of each warning about these routes. */
function warnings(routes: readonly object[], settings: object = {}): string[] {
  const { config, issues } = validateConfig({ upstreams: UPSTREAMS, routes, ...settings } as unknown as Gateway);
  assert.ok(config !== null, issues.map(formatIssue).join("\n"));
  const compiled = compilePlan(config);
  assert.deepEqual(compiled.issues.filter(({ severity }) => severity === "error"), []);
  return compiled.issues.map(({ path, message }) => `${path}: ${message}`);
}

const GUARDED = { path: "/admin/*", upstream: "app", policies: [jwt] };
const WIDE = { path: "/*", upstream: "app" };
const around = (taker: string, request: string, meant: string, guards: string, guarded: string) =>
  `${taker} takes ${request}, and an endpoint that decodes %2F reads ${meant}: that goes around ${guards} of ${guarded}`;
const ADMIN = around(
  'routes[1]: "/*"',
  "GET http://localhost/admin%2F1",
  "/admin/1",
  "jwt",
  '"/admin/*" (routes[0])',
);

/** A route that shares requests out among these upstreams. */
const split = (path: string, ...to: string[]) => ({
  path,
  split: { to: to.map((upstream) => ({ upstream, weight: 1 })) },
});

const ROWS: readonly (readonly [what: string, routes: readonly object[], expected: readonly string[]])[] = [
  ["a guarded prefix beside a route that takes everything", [GUARDED, WIDE], [ADMIN]],
  ["one beside a parameter", [GUARDED, { path: "/:page", upstream: "app" }], [
    around('routes[1]: "/:page"', "GET http://localhost/admin%2F1", "/admin/1", "jwt", '"/admin/*" (routes[0])'),
  ]],
  ["one beside two parameters", [GUARDED, { path: "/:tenant/:page", upstream: "app" }], [
    around(
      'routes[1]: "/:tenant/:page"',
      "GET http://localhost/admin%2F1/1",
      "/admin/1/1",
      "jwt",
      '"/admin/*" (routes[0])',
    ),
  ]],
  ["a guarded path", [{ ...GUARDED, path: "/a/b/:id" }, { path: "/a/:x", upstream: "app" }], [
    around('routes[1]: "/a/:x"', "GET http://localhost/a/b%2F1", "/a/b/1", "jwt", '"/a/b/:id" (routes[0])'),
  ]],
  ["a guarded path of one segment", [{ ...GUARDED, path: "/admin" }, WIDE], []],
  ["a branch of a split with the guarded endpoint", [GUARDED, split("/*", "other", "twin")], [ADMIN]],
  ["a split without it", [GUARDED, split("/*", "other")], []],
  ["a guarded split", [{ ...split("/admin/*", "other", "app"), policies: [jwt] }, WIDE], [ADMIN]],
  ["a mirror with the guarded endpoint", [GUARDED, { path: "/*", upstream: "other", mirror: { upstream: "app" } }], [
    ADMIN,
  ]],
  ["a fallback with it", [GUARDED, { path: "/*", upstream: "other", fallback: { upstream: "app" } }], [ADMIN]],
  ["a fallback that is an answer", [GUARDED, { path: "/*", upstream: "other", fallback: { respond: {} } }], []],
  ["upstreams that DNS finds by one name", [{ ...GUARDED, upstream: "found" }, { ...WIDE, upstream: "foundToo" }], [
    ADMIN,
  ]],
  ["routes with the same guards", [GUARDED, { ...WIDE, policies: [jwt] }], []],
  ["more guards on the wider route", [GUARDED, { ...WIDE, policies: [quota, jwt] }], []],
  ["other guards on the wider route", [GUARDED, { ...WIDE, policies: [quota] }], [ADMIN]],
  ["one guard less on the wider route", [{ ...GUARDED, policies: [jwt, quota] }, { ...WIDE, policies: [jwt] }], [
    ADMIN.replace("around jwt", "around quota"),
  ]],
  ["what only shapes requests", [{ ...GUARDED, policies: [shaping] }, WIDE], []],
  ["a guard beside what only shapes requests", [{ ...GUARDED, policies: [shaping, jwt] }, WIDE], [ADMIN]],
  ["a wider route to another upstream", [GUARDED, { ...WIDE, upstream: "other" }], []],
  ["a wider route to another upstream with the same endpoint", [GUARDED, { ...WIDE, upstream: "twin" }], [ADMIN]],
  ["a wider route that answers itself", [GUARDED, { path: "/*", respond: {} }], []],
  ["a guarded route that answers itself", [{ path: "/admin/*", respond: {}, policies: [jwt] }, WIDE], []],
  ["a wider route for other methods", [{ ...GUARDED, methods: ["POST"] }, { ...WIDE, methods: ["GET"] }], []],
  ["a wider route for some of the methods", [GUARDED, { ...WIDE, methods: ["DELETE"] }], [
    ADMIN.replace('"/*"', '"DELETE /*"').replace("GET", "DELETE"),
  ]],
  ["a wider route of another host", [{ ...GUARDED, host: "a.example" }, { ...WIDE, host: "b.example" }], []],
  ["a wider route of one host of many", [{ ...GUARDED, host: "a.example" }, WIDE], [
    ADMIN.replace("localhost", "a.example").replace('"/admin/*"', '"a.example /admin/*"'),
  ]],
  ["a wider route that asks for more", [GUARDED, { ...WIDE, name: "beta", headers: { "x-beta": "1" } }], [
    ADMIN.replace('"/*"', '"beta"').replace("%2F1,", "%2F1  x-beta: 1,"),
  ]],
  ["conditions that exclude each other", [
    { ...GUARDED, name: "a", query: { v: "1" }, headers: { x: "1" } },
    { ...WIDE, headers: { x: "2" } },
  ], []],
  ["a request that passes no guard with plain slashes either", [
    { ...GUARDED, path: "/admin/:id" },
    { path: "/admin/:id", upstream: "app", headers: { x: "1" } },
    { ...WIDE, headers: { x: "1" } },
  ], []],
  ["a route between that takes what the wider would, with the guard", [
    { ...GUARDED, path: "/admin/:id" },
    WIDE,
    { path: "/:page", upstream: "app", policies: [jwt] },
  ], []],
  ["a rewrite to where the guarded path is not", [GUARDED, { ...WIDE, rewrite: "/public/*" }], []],
  ["a fixed rewrite", [GUARDED, { path: "/:page", upstream: "app", rewrite: "/page" }], []],
  ["a prefix that is cut on the way", [
    { path: "/api/admin/*", upstream: "app", rewrite: "/admin/*", policies: [jwt] },
    { path: "/api/*", upstream: "app", stripPrefix: "/api" },
  ], [
    around(
      'routes[1]: "/api/*"',
      "GET http://localhost/api/admin%2F1",
      "/api/admin/1",
      "jwt",
      '"/api/admin/*" (routes[0])',
    ),
  ]],
  ["a prefix that is cut on the guarded route only", [{ ...GUARDED, stripPrefix: "/admin" }, WIDE], []],
  [
    "several guarded routes, in one sentence",
    [GUARDED, WIDE, { path: "/billing/:id", upstream: "app", policies: [quota] }],
    [ADMIN.replace("around jwt", "around jwt, quota") + ', "/billing/:id" (routes[2])'],
  ],
  ["many guarded routes", [
    WIDE,
    ...["a", "b", "c", "d", "e", "f", "g"].map((name) => ({ path: `/${name}/:id`, upstream: "app", policies: [jwt] })),
  ], [
    around(
      'routes[0]: "/*"',
      "GET http://localhost/a%2F1",
      "/a/1",
      "jwt",
      '"/a/:id" (routes[1]), "/b/:id" (routes[2]), "/c/:id" (routes[3]), "/d/:id" (routes[4]), "/e/:id" (routes[5]), 2 more',
    ),
  ]],
];
for (const [what, routes, expected] of ROWS) {
  Deno.test(`compilePlan() ${expected.length === 0 ? "has nothing to say of" : "warns of"} ${what}`, () =>
    assert.deepEqual(warnings(routes), expected));
}

Deno.test("compilePlan() says nothing where %2F is refused, or where every route has the guard", () => {
  assert.deepEqual(warnings([GUARDED, WIDE], { paths: { encodedSlash: "reject" } }), []);
  assert.deepEqual(warnings([{ ...GUARDED, policies: [] }, WIDE], { policies: [jwt] }), []);
});

Deno.test("compilePlan() warns at the wider route, with what to write", () => {
  const { config } = validateConfig({ upstreams: UPSTREAMS, routes: [GUARDED, WIDE] }, {
    locate: (at) => ({ file: "a.yaml", line: Number(at[1]), column: 1 }),
  });
  const [issue] = compilePlan(config!).issues;
  assert.equal(
    formatIssue(issue),
    `warning: a.yaml:1:1 ${ADMIN}\n` +
      '  write: paths: { encodedSlash: "reject" } in the config itself, or jwt on this route too',
  );
});

Deno.test("compilePlan() does not look for every way where there are very many", () => {
  const guarded = Array.from({ length: 500 }, (_, i) => ({ path: `/a${i}/:x/:y/*`, upstream: "app", policies: [jwt] }));
  const open = Array.from({ length: 100 }, (_, i) => ({ path: "/*", upstream: "app", headers: { x: `${i}` } }));
  const [first] = warnings([...guarded, ...open]);
  assert.match(first, /, \d+ more$/);
  assert.doesNotMatch(first, /, 495 more$/);
});
