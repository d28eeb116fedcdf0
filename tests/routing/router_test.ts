import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Router } from "../../src/routing/router.ts";
import {
  candidates,
  entriesOver,
  type Entry,
  makeEntry,
  makeRequest,
  modelAllowed,
  modelCaptures,
  requests,
} from "./route_model.ts";

function find(entries: readonly Entry[], request: Parameters<typeof makeRequest>): string | null {
  return new Router(entries).find(makeRequest(...request), []);
}

const present = (name: string) => ({ of: "header" as const, name, match: { present: true } });

const CHOICES: [behaviour: string, routes: Entry[], request: Parameters<typeof makeRequest>, taken: string | null][] = [
  [
    "an exact host beats a better path under a wildcard host",
    [
      makeEntry("exact", "/*", { hosts: ["a.h.com"] }),
      makeEntry("wildcard", "/x", { hosts: ["*.h.com"] }),
    ],
    ["GET", "/x", { host: "a.h.com" }],
    "exact",
  ],
  [
    "a longer wildcard host beats a shorter one",
    [
      makeEntry("short", "/x", { hosts: ["*.h.com"] }),
      makeEntry("long", "/*", { hosts: ["*.a.h.com"] }),
    ],
    ["GET", "/x", { host: "b.a.h.com" }],
    "long",
  ],
  ["a wildcard host stands for several labels", [makeEntry("r", "/", { hosts: ["*.h.com"] })], ["GET", "/", {
    host: "b.a.h.com",
  }], "r"],
  ["a wildcard host does not match the bare name", [makeEntry("r", "/", { hosts: ["*.h.com"] })], ["GET", "/", {
    host: "h.com",
  }], null],
  ["a wildcard host does not match an empty label", [makeEntry("r", "/", { hosts: ["*.h.com"] })], ["GET", "/", {
    host: ".h.com",
  }], null],
  ["hosts are compared in lower case", [makeEntry("r", "/", { hosts: ["API.h.com"] })], ["GET", "/", {
    host: "api.h.com",
  }], "r"],
  [
    "a host without a matching path falls back to routes without host",
    [
      makeEntry("host", "/x", { hosts: ["h.com"] }),
      makeEntry("any", "/y"),
    ],
    ["GET", "/y", { host: "h.com" }],
    "any",
  ],
  ["a literal beats a parameter", [makeEntry("param", "/:id"), makeEntry("literal", "/me")], ["GET", "/me"], "literal"],
  [
    "the leftmost difference decides",
    [makeEntry("late", "/:a/b"), makeEntry("early", "/a/:b")],
    ["GET", "/a/b"],
    "early",
  ],
  ["a parameter beats a wildcard", [makeEntry("rest", "/a/*"), makeEntry("param", "/a/:id")], ["GET", "/a/b"], "param"],
  ["an end beats a wildcard", [makeEntry("rest", "/a/*"), makeEntry("end", "/a")], ["GET", "/a"], "end"],
  [
    "a trailing slash is a segment of its own",
    [makeEntry("rest", "/a/*"), makeEntry("slash", "/a/")],
    ["GET", "/a/"],
    "slash",
  ],
  [
    "a literal that leads nowhere falls back to a parameter",
    [makeEntry("dead", "/a/b/c"), makeEntry("live", "/a/:x/d")],
    ["GET", "/a/b/d"],
    "live",
  ],
  ["a deep miss falls back to the nearest wildcard", [makeEntry("deep", "/a/b/c"), makeEntry("rest", "/a/*")], [
    "GET",
    "/a/b/d",
  ], "rest"],
  [
    "a route that names methods beats one that takes all",
    [makeEntry("all", "/a"), makeEntry("named", "/a", { methods: ["GET"] })],
    ["GET", "/a"],
    "named",
  ],
  [
    "a route that takes all gets methods that are not named",
    [makeEntry("all", "/a"), makeEntry("named", "/a", { methods: ["GET"] })],
    ["PURGE", "/a"],
    "all",
  ],
  [
    "a method that is not taken falls back to a less specific path",
    [makeEntry("get", "/a", { methods: ["GET"] }), makeEntry("rest", "/*")],
    ["POST", "/a"],
    "rest",
  ],
  [
    "named methods beat more predicates",
    [
      makeEntry("predicate", "/a", { predicates: [present("x-a")] }),
      makeEntry("named", "/a", { methods: ["GET"] }),
    ],
    ["GET", "/a", { fields: { "x-a": "1" } }],
    "named",
  ],
  ["HEAD goes to a route for GET", [makeEntry("get", "/a", { methods: ["GET"] })], ["HEAD", "/a"], "get"],
  [
    "HEAD goes to a route for GET before one for all",
    [makeEntry("get", "/a", { methods: ["GET"] }), makeEntry("all", "/a")],
    ["HEAD", "/a"],
    "get",
  ],
  [
    "HEAD goes to a route for HEAD before one for GET with more predicates",
    [
      makeEntry("get", "/a", { methods: ["GET"], predicates: [present("x-a")] }),
      makeEntry("head", "/a", { methods: ["HEAD"] }),
    ],
    ["HEAD", "/a", { fields: { "x-a": "1" } }],
    "head",
  ],
  [
    "HEAD does not leave a path for a less specific route",
    [makeEntry("get", "/a", { methods: ["GET"] }), makeEntry("all", "/*")],
    ["HEAD", "/a"],
    "get",
  ],
  ["GET does not go to a route for HEAD", [makeEntry("head", "/a", { methods: ["HEAD"] })], ["GET", "/a"], null],
  [
    "more predicates beat fewer",
    [
      makeEntry("one", "/a", { predicates: [{ of: "header", name: "x-a", match: { oneOf: ["1"] } }] }),
      makeEntry("two", "/a", { predicates: [present("x-a"), present("x-b")] }),
    ],
    ["GET", "/a", { fields: { "x-a": "1", "x-b": "1" } }],
    "two",
  ],
  [
    "exact values beat regexes",
    [
      makeEntry("regex", "/a", { predicates: [{ of: "header", name: "x-a", match: { regex: ".*" } }] }),
      makeEntry("value", "/a", { predicates: [{ of: "header", name: "x-b", match: { oneOf: ["1"] } }] }),
    ],
    ["GET", "/a", { fields: { "x-a": "1", "x-b": "1" } }],
    "value",
  ],
  [
    "regexes beat presence",
    [
      makeEntry("present", "/a", { predicates: [present("x-a")] }),
      makeEntry("regex", "/a", { predicates: [{ of: "header", name: "x-a", match: { regex: "1" } }] }),
    ],
    ["GET", "/a", { fields: { "x-a": "1" } }],
    "regex",
  ],
  [
    "failed predicates fall back to a less specific path",
    [
      makeEntry("tenant", "/a", { predicates: [present("x-a")] }),
      makeEntry("rest", "/*"),
    ],
    ["GET", "/a"],
    "rest",
  ],
  [
    "failed predicates fall back to routes without host",
    [
      makeEntry("tenant", "/a", { hosts: ["h"], predicates: [present("x-a")] }),
      makeEntry("any", "/*"),
    ],
    ["GET", "/a"],
    "any",
  ],
  ["equals go by id", [makeEntry("b", "/a"), makeEntry("a", "/a")], ["GET", "/a"], "a"],
];

for (const [behaviour, routes, request, taken] of CHOICES) {
  Deno.test(`Router.find(): ${behaviour}`, () => {
    assert.equal(find(routes, request), taken);
    assert.equal(find(routes.toReversed(), request), taken, "in the other order");
  });
}

Deno.test("Router.find() and allowed() agree with trying every route", () => {
  fc.assert(
    fc.property(entriesOver(), fc.array(requests, { minLength: 10, maxLength: 10 }), (entries, list) => {
      const router = new Router(entries), captures = ["left over"];
      for (const request of list) {
        const [best] = candidates(entries, request);
        assert.equal(router.find(request, captures), best?.value ?? null);
        assert.deepEqual(captures, best === undefined ? [] : modelCaptures(best.pattern, request.path));
        assert.deepEqual(router.allowed(request), modelAllowed(entries, request));
      }
    }),
    { numRuns: 1500 },
  );
});

Deno.test("Router.find() does not depend on the order of the config", () => {
  const shuffled = entriesOver().chain((entries) =>
    fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length }))
  );
  fc.assert(
    fc.property(shuffled, fc.array(requests, { minLength: 5, maxLength: 5 }), ([entries, others], list) => {
      const one = new Router(entries), other = new Router(others);
      assert.deepEqual(one.entries, other.entries);
      for (const request of list) assert.equal(one.find(request, []), other.find(request, []));
    }),
    { numRuns: 300 },
  );
});

Deno.test("Router.entries lists the most specific first", () => {
  const order = [
    makeEntry("exact host", "/*", { hosts: ["a.com"] }),
    makeEntry("long wildcard", "/*", { hosts: ["*.b.a.com"] }),
    makeEntry("short wildcard", "/*", { hosts: ["*.a.com"] }),
    makeEntry("literal", "/a/b"),
    makeEntry("end", "/a"),
    makeEntry("get", "/:x", { methods: ["GET"] }),
    makeEntry("two predicates", "/:x", { predicates: [present("x-a"), present("x-b")] }),
    makeEntry("value", "/:x", { predicates: [{ of: "header", name: "x-a", match: { oneOf: ["1"] } }] }),
    makeEntry("presence", "/:x", { predicates: [present("x-a")] }),
    makeEntry("x", "/:x"),
    makeEntry("y", "/:y"),
    makeEntry("rest", "/*"),
  ];
  // "/a/b" and "/a" never meet; a listing puts the shorter first.
  const ids = new Router(order.toReversed()).entries.map(({ id }) => id);
  const expected = order.map(({ id }) => id);
  [expected[3], expected[4]] = [expected[4], expected[3]];
  assert.deepEqual(ids, expected);
});

const ALLOWED: [behaviour: string, routes: Entry[], path: string, allowed: string[]][] = [
  ["nothing lies at the path", [makeEntry("r", "/a", { methods: ["GET"] })], "/b", []],
  ["GET brings HEAD and OPTIONS", [makeEntry("r", "/a", { methods: ["GET"] })], "/a", ["GET", "HEAD", "OPTIONS"]],
  [
    "all matching routes count",
    [
      makeEntry("r", "/a", { methods: ["POST"] }),
      makeEntry("s", "/*", { methods: ["DELETE"] }),
      makeEntry("t", "/:x", { methods: ["PUT"], hosts: ["h"] }),
      makeEntry("u", "/:x", { methods: ["PATCH"], hosts: ["other"] }),
    ],
    "/a",
    ["DELETE", "OPTIONS", "POST", "PUT"],
  ],
  ["predicates count", [makeEntry("r", "/a", { methods: ["GET"], predicates: [present("x-a")] })], "/a", []],
  ["a route for all methods lists them", [makeEntry("r", "/a")], "/a", [
    "DELETE",
    "GET",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "POST",
    "PUT",
  ]],
];

for (const [behaviour, routes, path, allowed] of ALLOWED) {
  Deno.test(`Router.allowed(): ${behaviour}`, () => {
    assert.deepEqual(new Router(routes).allowed(makeRequest("TRACE", path)), allowed);
  });
}

Deno.test("Router.find() reads no query and no header where no candidate asks", () => {
  const router = new Router([
    makeEntry("plain", "/a", { methods: ["GET"] }),
    makeEntry("asks", "/b", { predicates: [{ of: "query", name: "q", match: { present: true } }, present("x-a")] }),
  ]);
  const refuse = (what: string): never => {
    throw new Error(`${what} was read`);
  };
  const guarded = (path: string) => ({
    method: "GET",
    path,
    host: "h",
    get query(): string {
      return refuse("the query");
    },
    headers: { get: () => refuse("a header") },
  });
  assert.equal(router.find(guarded("/a"), []), "plain");
  assert.equal(router.find(guarded("/c"), []), null);
  assert.throws(() => router.find(guarded("/b"), []), /the query was read/);
});

Deno.test("Router.find() asks for a tenant header once, however many tenants there are", () => {
  const router = new Router(
    Array.from(
      { length: 500 },
      (_, i) =>
        makeEntry(`r${i}`, "/a", { predicates: [{ of: "header", name: "x-tenant", match: { oneOf: [`t${i}`] } }] }),
    ),
  );
  let reads = 0;
  const request = (tenant: string) => ({
    ...makeRequest("GET", "/a"),
    headers: {
      get(): string {
        reads++;
        return tenant;
      },
    },
  });
  assert.equal(router.find(request("t321"), []), "r321");
  assert.equal(router.find(request("unknown"), []), null);
  assert.equal(reads, 2);
});

Deno.test("Router() refuses a pattern that cannot be parsed", () => {
  assert.throws(() => new Router([makeEntry("r", "/a b")]), /pattern "\/a b": a space .* write "\/a%20b"/);
});
