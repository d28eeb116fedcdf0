import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import { cache, cacheDefinition } from "../../../src/policies/cache/cache.ts";
import type { CachePlan } from "../../../src/policies/cache/cache_plan.ts";
import { planOf } from "./key_plan.ts";

/** What there is to say of options. */
function issues(options: unknown): string[] {
  return validateConfig({ routes: [{ path: "/", respond: {}, policies: [cache(options as never)] }] }).issues
    .map(({ severity, path, message, remedy }) =>
      [severity, path.replace("routes[0].policies[0]", "·"), message, ...remedy === undefined ? [] : [remedy]].join(
        " | ",
      )
    );
}

const MINUTE = 60_000, DAY = 24 * 60 * MINUTE, MIB = 1024 * 1024;

const DEFAULTS: CachePlan = {
  id: undefined,
  defaultTtl: null,
  forceTtl: null,
  statuses: null,
  negativeTtl: new Map(),
  heuristic: { share: 0.1, max: DAY },
  key: { methods: [], host: true, path: true, query: null, headers: [], cookies: [] },
  vary: [],
  byIdentity: false,
  shared: false,
  staleWhileRevalidate: 0,
  staleIfError: 0,
  grace: 10_000,
  refreshEarly: 0,
  requestDirectives: true,
  targeted: ["cdn-cache-control"],
  tagFields: ["cache-tag", "surrogate-key"],
  cacheStatus: "gatewright",
  coalesce: { wait: 5_000 },
  maxBytes: 64 * MIB,
  maxEntries: 10_000,
  maxBody: 8 * MIB,
  store: undefined,
  bypass: null,
  noStore: null,
};

const predicate = () => true, key = () => "a";
const times = (ms: number) => new Map([404, 405, 410, 414, 501].map((status) => [status, ms]));

const RIGHT: readonly (readonly [options: object, plan: Partial<CachePlan>])[] = [
  [{}, {}],
  [{ forceTtl: "60s", maxEntries: 1000 }, { forceTtl: MINUTE, maxEntries: 1000 }],
  [{ defaultTtl: "366d", statuses: [200, 404] }, { defaultTtl: 366 * DAY, statuses: [200, 404] }],
  [{ forceTtl: "1m", defaultTtl: "1s" }, { forceTtl: MINUTE, defaultTtl: 1_000 }],
  [{ negativeTtl: "10s" }, { negativeTtl: times(10_000) }],
  [{ negativeTtl: { 404: "10s", 503: "1s" } }, { negativeTtl: new Map([[404, 10_000], [503, 1_000]]) }],
  [{ heuristic: false }, { heuristic: null }],
  [{ heuristic: {} }, { heuristic: { share: 0.1, max: DAY } }],
  [{ heuristic: { share: 0.5, max: "1h" } }, { heuristic: { share: 0.5, max: 60 * MINUTE } }],
  [{ key: { query: {} } }, { key: { ...DEFAULTS.key, query: { allow: null, deny: [], sort: false } } }],
  [{ key: { query: false } }, { key: { ...DEFAULTS.key, query: { allow: [], deny: [], sort: false } } }],
  [{ key: { headers: ["X-Tenant"], cookies: ["Theme"], methods: ["PROPFIND"], host: false } }, {
    key: { ...DEFAULTS.key, headers: ["x-tenant"], cookies: ["Theme"], methods: ["PROPFIND"], host: false },
  }],
  [{ key: { headers: ["Authorization"] } }, { key: { ...DEFAULTS.key, headers: ["authorization"] }, byIdentity: true }],
  [{ vary: "header:x-a" }, { vary: [["header:x-a"]] }],
  [{ vary: ["header:x-a", key, "ip"] }, { vary: [["header:x-a"], key, ["ip"]] }],
  [{ vary: ["ip", "header:Authorization"] }, { vary: [["ip"], ["header:Authorization"]], byIdentity: true }],
  [{ vary: "ip", shared: true }, { vary: [["ip"]], shared: true }],
  [{ staleWhileRevalidate: "1m", staleIfError: "1d", grace: "1h" }, {
    staleWhileRevalidate: MINUTE,
    staleIfError: DAY,
    grace: 60 * MINUTE,
  }],
  [{ refreshEarly: true }, { refreshEarly: 1 }],
  [{ refreshEarly: 2.5 }, { refreshEarly: 2.5 }],
  [{ requestDirectives: false, targeted: [], tagFields: ["X-Tags"] }, {
    requestDirectives: false,
    targeted: [],
    tagFields: ["x-tags"],
  }],
  [{ cacheStatus: false, coalesce: false }, { cacheStatus: null, coalesce: null }],
  [{ cacheStatus: "edge-1", coalesce: {} }, { cacheStatus: "edge-1" }],
  [{ maxBytes: "1MiB" }, { maxBytes: MIB, maxBody: MIB / 4 }],
  [{ maxBytes: "1GiB", maxBody: "100MiB" }, { maxBytes: 1024 * MIB, maxBody: 100 * MIB }],
  [{ id: "shop", bypass: predicate, noStore: predicate }, { id: "shop", bypass: predicate, noStore: predicate }],
];
for (const [options, plan] of RIGHT) {
  Deno.test(`cache(${JSON.stringify(options)}) is a plan`, () => {
    assert.deepEqual(planOf(options), { ...DEFAULTS, ...plan });
    assert.deepEqual(issues(options), []);
  });
}

Deno.test("each key that tells apart who is asking makes a cache one by identity", () => {
  for (const vary of ["identity", "consumer", "basic:user", "jwt:sub"]) assert.equal(planOf({ vary }).byIdentity, true);
  for (const vary of ["jwt:tier", "jwt:Sub", "ip", "header:x-api-key", key]) {
    assert.equal(planOf({ vary }).byIdentity, false);
  }
});

const WRONG: readonly (readonly [options: object, ...issues: string[]])[] = [
  [{ forceTTL: "60s" }, 'error | ·.forceTTL | unknown key, did you mean "forceTtl"? | forceTtl'],
  [{ forceTtl: 60 }, 'error | ·.forceTtl | expected a duration such as "250ms" or "5s" | "60ms" or "60s"'],
  [{ forceTtl: "0s" }, "error | ·.forceTtl | expected a duration longer than 0"],
  [{ forceTtl: "400d" }, 'error | ·.forceTtl | expected a duration of at most 366d | "366d"'],
  [
    { statuses: [200] },
    "error | ·.statuses | these are the statuses of forceTtl and defaultTtl, of which there is neither | forceTtl or defaultTtl",
  ],
  [{ forceTtl: "1s", statuses: [] }, "error | ·.statuses | at least one status is needed"],
  [{ forceTtl: "1s", statuses: [304] }, "error | ·.statuses[0] | 304 is part of another answer: that one counts | 200"],
  [
    { forceTtl: "1s", statuses: [200, 401] },
    "error | ·.statuses[1] | 401 is for whoever showed no credential, and would be served to those who do | 404",
  ],
  [{ forceTtl: "1s", statuses: [412] }, "error | ·.statuses[0] | 412 is about one request, and is never kept | 404"],
  [
    { negativeTtl: { 429: "1s" } },
    "error | ·.negativeTtl.429 | 429 is about one request, and is never kept | 404",
  ],
  [
    { negativeTtl: { 400: "1s", 404: "1s" } },
    "warning | ·.negativeTtl.400 | whoever sends fields that the upstream answers with 400 has that kept for everybody | " +
    "a status that depends on the URL alone, such as 404",
  ],
  [
    { forceTtl: "1s", statuses: [200, 403] },
    "warning | ·.statuses[1] | whoever sends fields that the upstream answers with 403 has that kept for everybody | " +
    "a status that depends on the URL alone, such as 404",
  ],
  [{ forceTtl: "1s", statuses: [700] }, "error | ·.statuses[0] | expected a whole number from 200 to 599"],
  [
    { forceTtl: "1s", defaultTtl: "2s", statuses: [200] },
    "error | ·.defaultTtl | forceTtl is for the same statuses, whatever the upstream says | forceTtl or defaultTtl",
  ],
  [{ negativeTtl: { 200: "1s" } }, "error | ·.negativeTtl.200 | expected a status from 400 to 599 | 404"],
  [{ negativeTtl: { "4xx": "1s" } }, "error | ·.negativeTtl.4xx | expected a status from 400 to 599 | 404"],
  [
    { negativeTtl: { 407: "1s" } },
    "error | ·.negativeTtl.407 | 407 is for whoever showed no credential, and would be served to those who do | 404",
  ],
  [
    { negativeTtl: 10 },
    'error | ·.negativeTtl | expected a duration such as "10s", or times by status | "10ms" or "10s"',
  ],
  [
    { forceTtl: "1s", statuses: [200, 404], negativeTtl: { 404: "1s" } },
    "error | ·.negativeTtl | forceTtl is for 404 too, whatever the upstream says | statuses without 404",
  ],
  [
    { defaultTtl: "1s", heuristic: { share: 0.2 } },
    "error | ·.heuristic | defaultTtl takes its place | defaultTtl or heuristic",
  ],
  [{ heuristic: { share: 2 } }, "error | ·.heuristic.share | expected a number above 0, up to 1"],
  [
    { key: { query: { allow: ["a"], deny: ["b"] } } },
    "error | ·.key.query.deny | only those of allow count anyway | allow or deny",
  ],
  [
    { key: { query: true } },
    'error | ·.key.query | expected settings such as { deny: ["utm_*"] }, or false | { sort: true }',
  ],
  [{ key: { methods: ["propfind"] } }, 'error | ·.key.methods[0] | methods are in capitals | "PROPFIND"'],
  [{ key: { methods: ["head"] } }, "error | ·.key.methods[0] | GET and HEAD count anyway, and have one answer"],
  [{ key: { methods: ["GET"] } }, "error | ·.key.methods[0] | GET and HEAD count anyway, and have one answer"],
  [
    { key: { methods: ["DELETE"] } },
    "error | ·.key.methods[0] | a DELETE that a cache answers does not reach the upstream",
  ],
  [
    { key: { methods: ["MOVE"] } },
    "error | ·.key.methods[0] | a MOVE that a cache answers does not reach the upstream",
  ],
  [{ key: { headers: ["Host"] } }, "error | ·.key.headers[0] | the host is part of the URL | host: true"],
  [{ key: { headers: ["a b"] } }, 'error | ·.key.headers[0] | this is no name of a header | "x-tenant"'],
  [{ key: { cookies: ["a=b"] } }, 'error | ·.key.cookies[0] | this is no name of a cookie | "theme"'],
  [
    { vary: "form:a" },
    'error | ·.vary | form:a is in the request\'s body: requests with content go past the cache | "header:…" or "query:…"',
  ],
  [{ vary: ["request:id"] }, 'error | ·.vary[0] | each request has an id of its own: there would be no hit | "route"'],
  [{ vary: "global" }, 'error | ·.vary | this is the same for every request: it tells nothing apart | "route"'],
  [{ vary: [] }, "error | ·.vary | at least one key is needed"],
  [{ vary: "heder:x" }, 'error | ·.vary | "heder:x" is not a key | "header:x"'],
  [{ shared: false }, "error | ·.shared | expected true | nothing: leave it out"],
  [{ refreshEarly: 11 }, "error | ·.refreshEarly | expected a number from 0 to 10"],
  [
    { targeted: ["Cache-Control"] },
    'error | ·.targeted[0] | cache-control is what targeted fields take the place of | "cdn-cache-control"',
  ],
  [
    { cacheStatus: "a b" },
    'error | ·.cacheStatus | a name begins with a letter, and has up to 64 letters, digits and -._:/ | "edge"',
  ],
  [{ coalesce: true }, 'error | ·.coalesce | expected settings such as { wait: "5s" }, or false'],
  [{ maxBytes: "1KB" }, 'error | ·.maxBytes | expected a size from 64KiB to 64GiB | "64KiB"'],
  [
    { maxBytes: "1MiB", maxBody: "2MiB" },
    'error | ·.maxBody | a body of this size has no place in 1MiB, which is maxBytes | "256KiB"',
  ],
  [
    { maxBody: "20MiB" },
    'warning | ·.maxBody | a few bodies of this size fill 64MiB, which is maxBytes | up to "16MiB", or more maxBytes',
  ],
  [
    { key: { path: false } },
    "warning | ·.key.path | all paths that come this way get one and the same answer | path: true, or vary with what tells the answers apart",
  ],
  [
    { key: { methods: ["OPTIONS", "POST"] } },
    "warning | ·.key.methods[1] | requests with content go past the cache, and those with POST mostly have some | a method without content",
  ],
  [
    { store: "none" },
    'error | ·.store | cache uses store "none", but stores has none of this name | an entry none under stores',
  ],
  [
    { vary: "identity" },
    "error | · | cache reads identity, but no policy before it asks for that | jwt({ … }) or another identity policy before it, be it optional",
  ],
  [{ bypass: true }, "error | ·.bypass | expected a function, which only a config in TypeScript can have"],
];
for (const [options, ...expected] of WRONG) {
  Deno.test(`cache(${JSON.stringify(options)}) is reported`, () => assert.deepEqual(issues(options), expected));
}

const WORDS: readonly (readonly [options: object, words: string])[] = [
  [{}, "as the upstream says, up to 10000 answers in 64MiB"],
  [
    { grace: "0s" },
    "as the upstream says, stale for no time while the upstream cannot be reached, up to 10000 answers in 64MiB",
  ],
  [{ forceTtl: "60s", maxEntries: 1000 }, "1m whatever the upstream says for 200, up to 1000 answers in 64MiB"],
  [
    {
      defaultTtl: "1h",
      statuses: [200, 301],
      negativeTtl: { 404: "10s" },
      staleWhileRevalidate: "1m",
      staleIfError: "1d",
    },
    "1h where the upstream says nothing for 200, 301, 404 for 10s, stale for 1m while revalidating, stale for 1d on errors, " +
    "up to 10000 answers in 64MiB",
  ],
  [
    { vary: ["identity", () => ""], key: { headers: ["x-a"], cookies: ["c"], methods: ["PROPFIND"] }, grace: "1h" },
    "as the upstream says, stale for 1h while the upstream cannot be reached, by method, header:x-a, cookie:c, identity, a function, " +
    "up to 10000 answers in 64MiB",
  ],
  [
    { key: { host: false, path: false, query: { deny: ["utm_*"] } }, shared: true, store: "redis", maxBytes: "1GiB" },
    "as the upstream says, without host, path, query:utm_*, shared by all who may pass, up to 10000 answers in 1GiB, " +
    "behind them store redis",
  ],
  [
    { key: { query: { allow: ["a", "b"] } } },
    "as the upstream says, by query:a, query:b, up to 10000 answers in 64MiB",
  ],
  [{ key: { query: false } }, "as the upstream says, without query, up to 10000 answers in 64MiB"],
];
for (const [options, words] of WORDS) {
  Deno.test(`cache(${JSON.stringify(options)}) in words`, () => {
    assert.equal(cacheDefinition.describe!(planOf(options)), `cache: ${words}`);
  });
}
