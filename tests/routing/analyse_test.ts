import { strict as assert } from "node:assert";
import fc from "fast-check";
import { analyse } from "../../src/routing/analyse.ts";
import type { Finding } from "../../src/routing/finding.ts";
import type { Match, Predicate } from "../../src/routing/predicate.ts";
import type { RouteRequest } from "../../src/routing/route_request.ts";
import { formatWitness } from "../../src/routing/witness.ts";
import {
  candidates,
  compareRanks,
  entriesOver,
  type Entry,
  makeEntry,
  makeRequest,
  type ModelRequest,
  rankOf,
  requests,
} from "./route_model.ts";

const header = (name: string, match: Match): Predicate => ({ of: "header", name, match });
const query = (name: string, match: Match): Predicate => ({ of: "query", name, match });
/** A key that the analysis must not read: its witnesses are no exchanges. */
const key = (name: string, ...oneOf: string[]): Predicate => ({
  of: "key",
  name,
  match: { oneOf },
  read: () => {
    throw new Error("read");
  },
});
const when = (id: string, ...predicates: Predicate[]) => makeEntry(id, "/a", { predicates });
const one = (value: string): Match => ({ oneOf: [value] });

/** `kind route ← others: witness` of each finding. */
const FINDINGS: [situation: string, routes: Entry[], findings: string[]][] = [
  ["routes that do not meet", [
    makeEntry("a", "/a"),
    makeEntry("b", "/:x"),
    makeEntry("c", "/*"),
    makeEntry("d", "/a", { hosts: ["h"] }),
  ], []],
  ["two routes of one path", [makeEntry("a", "/u/:x"), makeEntry("b", "/u/{y}")], [
    "duplicate b ← a: GET http://localhost/u/1",
  ]],
  ["two routes of one wildcard", [makeEntry("a", "/*"), makeEntry("b", "/*rest")], [
    "duplicate b ← a: GET http://localhost/1",
  ]],
  ["duplicates beside a parameter", [makeEntry("a", "/x/*"), makeEntry("b", "/x/*"), makeEntry("c", "/x/:y")], [
    "duplicate b ← a: GET http://localhost/x/1",
  ]],
  ["three duplicates", [makeEntry("a", "/a"), makeEntry("b", "/a"), makeEntry("c", "/a")], [
    "duplicate b ← a: GET http://localhost/a",
    "duplicate c ← a: GET http://localhost/a",
  ]],
  ["methods in another order", [
    makeEntry("a", "/a", { methods: ["PUT", "POST"] }),
    makeEntry("b", "/a", { methods: ["POST", "PUT"] }),
  ], ["duplicate b ← a: POST http://localhost/a"]],
  ["values in another order", [
    when("a", header("x-a", { oneOf: ["1", "2"] })),
    when("b", header("x-a", { oneOf: ["2", "1"] })),
  ], ["duplicate b ← a: GET http://localhost/a  x-a: 1"]],
  ["a tenant and the header it reads", [when("a", header("x-a", one("1"))), when("b", key("header:X-A", "1"))], [
    "duplicate b ← a: GET http://localhost/a  x-a: 1",
  ]],
  ["methods that overlap", [
    makeEntry("a", "/a", { methods: ["GET"] }),
    makeEntry("b", "/a", { methods: ["GET", "POST"] }),
  ], ["ambiguous b ← a: GET http://localhost/a"]],
  ["methods that overlap in HEAD alone", [
    makeEntry("a", "/a", { methods: ["HEAD", "PUT"] }),
    makeEntry("b", "/a", { methods: ["HEAD", "POST"] }),
  ], ["ambiguous b ← a: HEAD http://localhost/a"]],
  [
    "HEAD named beside GET",
    [makeEntry("a", "/a", { methods: ["GET"] }), makeEntry("b", "/a", { methods: ["HEAD"] })],
    [],
  ],
  ["methods that do not overlap", [
    makeEntry("a", "/a", { methods: ["GET"] }),
    makeEntry("b", "/a", { methods: ["POST"] }),
  ], []],
  ["named methods beside all", [makeEntry("a", "/a", { methods: ["GET"] }), makeEntry("b", "/a")], []],
  ["hosts that overlap", [
    makeEntry("a", "/a", { hosts: ["x.com", "y.com"] }),
    makeEntry("b", "/a", { hosts: ["z.com", "Y.com"] }),
  ], ["duplicate b ← a: GET http://y.com/a"]],
  ["wildcard hosts", [
    makeEntry("a", "/a", { hosts: ["*.h.com"] }),
    makeEntry("b", "/a", { hosts: ["*.h.com"] }),
    makeEntry("c", "/a", { hosts: ["www.h.com"] }),
  ], ["duplicate b ← a: GET http://host1.h.com/a"]],
  ["different headers", [when("a", header("x-a", one("1"))), when("b", header("x-b", one("2")))], [
    "ambiguous b ← a: GET http://localhost/a  x-a: 1  x-b: 2",
  ]],
  ["different headers, and a route for both", [
    when("a", header("x-a", one("1"))),
    when("b", header("x-b", one("2"))),
    when("c", header("x-a", one("1")), header("x-b", one("2"))),
  ], []],
  ["different headers, and a route for some requests of both", [
    when("a", header("x-a", { present: true })),
    when("b", header("x-b", one("2"))),
    when("d", header("x-b", { present: true })),
    when("c", header("x-a", one("1")), header("x-b", one("2"))),
  ], ["ambiguous d ← a: GET http://localhost/a  x-a: other-1  x-b: other-1"]],
  ["one header with different values", [when("a", header("x-a", one("1"))), when("b", header("x-a", one("2")))], []],
  ["one header with values that overlap", [
    when("a", header("x-a", { oneOf: ["1", "2"] })),
    when("b", header("x-a", { oneOf: ["2", "3"] })),
  ], ["ambiguous b ← a: GET http://localhost/a  x-a: 2"]],
  ["one parameter with different values", [when("a", query("v", one("1"))), when("b", query("v", one("2")))], []],
  ["parameters in need of escapes", [when("a", query("a b", one("é&"))), when("b", query("c", one("?")))], [
    "ambiguous b ← a: GET http://localhost/a?a%20b=%C3%A9%26&c=%3F",
  ]],
  ["a value and a regex that it fits", [
    when("a", header("x-a", { regex: "v\\d+" })),
    when("b", header("x-a", { regex: "v1|w" })),
  ], ["ambiguous b ← a: GET http://localhost/a  x-a: v1"]],
  ["a value beside a regex", [when("a", header("x-a", { regex: "v\\d+" })), when("b", header("x-a", one("v1")))], []],
  ["regexes that have nothing in common", [
    when("a", header("x-a", { regex: "v\\d+" })),
    when("b", header("x-a", { regex: "w\\d+" })),
  ], []],
  [
    "presence and absence",
    [when("a", header("x-a", { present: true })), when("b", header("x-a", { present: false }))],
    [],
  ],
  ["keys of all kinds", [
    when("a", key("ip", "10.0.0.1"), key("cookie:c", "x")),
    when("b", key("query:q", "1"), key("header:x-a", "2")),
  ], ["ambiguous b ← a: GET http://localhost/a?q=1  x-a: 2  cookie: c=x  (ip = 10.0.0.1)"]],
  ["presence and absence together leave nothing", [
    makeEntry("a", "/a"),
    when("b", header("x-a", { present: true })),
    when("c", header("x-a", { present: false })),
  ], ["unreachable a ← b, c: GET http://localhost/a"]],
  ["values together leave nothing of a list", [
    when("a", header("x-a", { oneOf: ["1", "2"] })),
    when("b", header("x-a", one("1")), query("q", { present: true })),
    when("c", header("x-a", one("1")), query("q", { present: false })),
    when("d", header("x-a", one("2")), header("x-b", { present: false })),
    when("e", header("x-a", one("2")), header("x-b", { regex: "1.*" })),
    when("f", header("x-a", { oneOf: ["2", "3"] }), header("x-b", { present: true })),
  ], ["unreachable a ← b, c, d, e, f: GET http://localhost/a  x-a: 1"]],
  ["one value is left of a list", [
    when("a", header("x-a", { oneOf: ["1", "2"] })),
    when("b", header("x-a", one("1")), query("q", { present: true })),
    when("c", header("x-a", one("1")), query("q", { present: false })),
  ], []],
  ["all but unnamed values are taken", [
    when("a", header("x-a", { present: true })),
    when("b", header("x-a", one("1")), header("x-b", { present: true })),
    when("c", header("x-a", one("1")), header("x-b", { present: false })),
  ], []],
  ["methods are taken one by one", [
    makeEntry("a", "/a", { methods: ["PUT", "POST"] }),
    ...["PUT", "POST"].flatMap((method) =>
      [true, false].map((present) =>
        makeEntry(`${method} ${present}`, "/a", { methods: [method], predicates: [header("x-a", { present })] })
      )
    ),
  ], ["unreachable a ← PUT true, PUT false, POST true, POST false: PUT http://localhost/a"]],
  ["one of two methods is left", [
    makeEntry("a", "/a", { methods: ["PUT", "POST"] }),
    ...[true, false].map((present) =>
      makeEntry(`${present}`, "/a", { methods: ["PUT"], predicates: [header("x-a", { present })] })
    ),
  ], []],
  ["GET is taken, with HEAD", [
    makeEntry("a", "/a", { methods: ["GET"] }),
    ...[true, false].map((present) =>
      makeEntry(`${present}`, "/a", { methods: ["GET"], predicates: [header("x-a", { present })] })
    ),
  ], ["unreachable a ← true, false: GET http://localhost/a"]],
  ["all named methods are taken, others are left", [
    makeEntry("a", "/a"),
    makeEntry("b", "/a", { methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] }),
  ], []],
  ["one of two hosts is left", [
    makeEntry("a", "/a", { hosts: ["x.com", "y.com"] }),
    ...[true, false].map((present) =>
      makeEntry(`${present}`, "/a", { hosts: ["x.com"], predicates: [header("x-a", { present })] })
    ),
  ], []],
  ["both hosts are taken", [
    makeEntry("a", "/a", { hosts: ["x.com", "y.com"] }),
    ...[true, false].map((present) =>
      makeEntry(`${present}`, "/a", { hosts: ["y.com", "x.com", "z.com"], predicates: [header("x-a", { present })] })
    ),
  ], ["unreachable a ← true, false: GET http://x.com/a"]],
  ["predicates that exclude each other", [
    when("a", header("x-a", one("1")), key("header:x-a", "2")),
    when("b", header("x-a", { present: false }), key("header:x-a", "2")),
    when("c", header("x-a", { regex: "v.*" }), key("header:x-a", "w")),
  ], ["unreachable a", "unreachable b", "unreachable c"]],
  ["two values of one parameter", [when("a", query("q", one("1")), query("q", one("2")))], []],
  ["one of two lists is not exhausted by what a regex is seen to match", [
    when("a", header("x-a", { regex: "v\\d" })),
    ...[true, false].map((present) =>
      when(`${present}`, header("x-a", { oneOf: ["v1", "v2"] }), header("x-b", { present }))
    ),
  ], []],
  ["two values of one parameter are left", [
    when("a", query("q", { oneOf: ["1", "2"] }), query("q", { oneOf: ["2", "3"] })),
    ...[true, false].map((present) =>
      when(`${present}`, query("q", one("2")), query("q", { present: true }), header("x-a", { present }))
    ),
  ], []],
  ["duplicates under two hosts", [
    makeEntry("a", "/a", { hosts: ["x.com", "y.com"] }),
    makeEntry("b", "/a", { hosts: ["y.com", "x.com"] }),
  ], ["duplicate b ← a: GET http://x.com/a"]],
  ["a conflict beside a more specific path", [
    makeEntry("a", "/x/*", { predicates: [header("x-a", one("1"))] }),
    makeEntry("b", "/x/*", { predicates: [header("x-b", one("1"))] }),
    makeEntry("c", "/x/:y", { predicates: [header("x-a", one("1"))] }),
  ], ["ambiguous b ← a: GET http://localhost/x  x-a: 1  x-b: 1"]],
  ["a conflict beside a literal", [
    makeEntry("a", "/u/:x", { methods: ["GET"] }),
    makeEntry("b", "/u/:y", { methods: ["GET", "PUT"] }),
    makeEntry("c", "/u/1"),
  ], ["ambiguous b ← a: GET http://localhost/u/2"]],
  ["a conflict beside a named method", [
    when("a", header("x-a", one("1"))),
    when("b", header("x-b", one("1"))),
    makeEntry("c", "/a", { methods: ["GET"], predicates: [header("x-a", one("1"))] }),
  ], ["ambiguous b ← a: DELETE http://localhost/a  x-a: 1  x-b: 1"]],
  ["one route beside many of another header", [
    when("any", header("x-b", one("1"))),
    ...Array.from({ length: 9 }, (_, i) => when(`t${i}`, header("x-a", one(`${i}`)))),
  ], Array.from({ length: 9 }, (_, i) => `ambiguous t${i} ← any: GET http://localhost/a  x-b: 1  x-a: ${i}`)],
  ["a parameter that a key denies", [
    when("a", query("q", { present: true })),
    when("b", { of: "key", name: "query:q", match: { present: false }, read: () => undefined }),
  ], []],
  ["different headers, and a route for most requests of both", [
    when("a", header("x-a", { present: true })),
    when("b", header("x-b", { present: true })),
    when("c", header("x-a", { present: true }), header("x-b", { present: true }), header("x-c", { present: false })),
  ], ["ambiguous b ← a: GET http://localhost/a  x-a: other-1  x-b: other-1  x-c: other-1"]],
  ["methods that overlap twice", [
    makeEntry("a", "/a", { methods: ["PUT", "PATCH"] }),
    makeEntry("b", "/a", { methods: ["PATCH", "PUT", "POST"] }),
  ], ["ambiguous b ← a: PUT http://localhost/a"]],
];

function summary({ kind, route, others, witness }: Finding): string {
  if (witness === null) return `${kind} ${route.id}`;
  return `${kind} ${route.id} ← ${others.map(({ id }) => id).join(", ")}: ${formatWitness(witness)}`;
}

for (const [situation, routes, findings] of FINDINGS) {
  Deno.test(`analyse(): ${situation}${findings.length === 0 ? ": nothing to report" : ""}`, () => {
    assert.deepEqual(analyse(routes).map(summary), findings);
  });
}

Deno.test("analyse() writes messages and remedies for an issue", () => {
  const source = (route: Entry, at: number) => ({ ...route, source: `routes[${at}]` });
  const [duplicate] = analyse([makeEntry("a", "/a"), makeEntry("b", "/a")].map(source));
  assert.equal(duplicate.route.source, "routes[1]");
  assert.equal(duplicate.message, 'matches the same requests as "a" (routes[0]): GET http://localhost/a');
  assert.match(duplicate.remedy, /one of the two/);
  const routes = [
    makeEntry("a", "/a"),
    when("b", header("x", { present: true })),
    when("c", header("x", { present: false })),
  ];
  const [unreachable] = analyse(routes.map(source));
  assert.equal(
    unreachable.message,
    'no request can reach it: everything that it matches goes to "b" (routes[1]) and "c" (routes[2]), such as GET http://localhost/a',
  );
  const [ambiguous] = analyse([when("a", header("x-a", one("1"))), when("b", header("x-b", one("1")))].map(source));
  assert.equal(
    ambiguous.message,
    'is as specific as "a" (routes[0]), and both match: GET http://localhost/a  x-a: 1  x-b: 1',
  );
});

Deno.test("analyse() looks at many routes of one path by the values that they ask for", () => {
  // Were all pairs compared, the budget would be spent before the last pair is met.
  const routes = Array.from({ length: 4000 }, (_, i) => when(`r${i}`, header("x-tenant", one(`t${i}`))));
  const twin = when("twin", header("x-tenant", { oneOf: ["t3999", "other"] }));
  assert.deepEqual(analyse([...routes, twin]).map(summary), [
    "ambiguous twin ← r3999: GET http://localhost/a  x-tenant: t3999",
  ]);
});

/** Every request that differs for routes over {@link entriesOver} with the patterns and predicates below. */
const UNIVERSE: readonly ModelRequest[] = ["h.com", "x.h.com", "y.x.h.com", "v.h.com", "z"].flatMap((host) =>
  ["GET", "HEAD", "POST", "PURGE"].flatMap((method) =>
    ["/a", "/c", "/a/b", "/c/c", "/"].flatMap((path) =>
      [undefined, "1", "2", "3"].flatMap((a) =>
        ["", "?q=1", "?q=2", "?q=3"].map((query) =>
          makeRequest(method, path, { host, query, fields: a === undefined ? {} : { "x-a": a } })
        )
      )
    )
  )
);
const smallMatch: fc.Arbitrary<Match> = fc.oneof(
  fc.record({ present: fc.boolean() }),
  fc.record({ oneOf: fc.constantFrom(["1"], ["2"], ["1", "2"]) }),
);
const smallPredicate: fc.Arbitrary<Predicate> = fc.oneof(
  fc.record({ of: fc.constant("header" as const), name: fc.constant("x-a"), match: smallMatch }),
  fc.record({ of: fc.constant("query" as const), name: fc.constant("q"), match: smallMatch }),
);
const smallEntries = entriesOver(fc.constantFrom("/a", "/a", "/a", "/:p", "/a/*", "/*"), smallPredicate, 8);

function bestOf(entries: readonly Entry[], request: RouteRequest): Entry[] {
  const matching = candidates(entries, request);
  return matching.filter((entry) => compareRanks(rankOf(entry, request)!, rankOf(matching[0], request)!) === 0);
}

const queryTwice = ({ predicates }: Entry) => predicates.filter(({ of }) => of === "query").length > 1;

Deno.test("analyse() reports exactly what trying every request shows", () => {
  fc.assert(
    fc.property(smallEntries, (entries) => {
      const findings = analyse(entries), byId = new Map(entries.map((entry) => [entry.id, entry]));
      const reachable = new Set<string>(), tied = new Set<string>();
      for (const request of UNIVERSE) {
        const best = bestOf(entries, request);
        for (const { id } of best) reachable.add(id);
        if (best.length > 1) { for (const { id } of best) tied.add(id); }
      }
      const unreachable = findings.filter(({ kind }) => kind === "unreachable");
      for (const { route } of unreachable) assert(!reachable.has(route.id), `${route.id} is reachable`);
      for (const { kind, route, others, witness } of findings) {
        if (kind === "unreachable" || witness === null) continue;
        const pair = [route, ...others].map(({ id }) => byId.get(id)!);
        assert.deepEqual(compareRanks(rankOf(pair[0], witness)!, rankOf(pair[1], witness)!), 0);
        if (kind === "ambiguous") {
          assert.deepEqual(bestOf(entries, witness).filter((entry) => pair.includes(entry)).length, 2);
        }
      }
      const reported = new Set(
        findings.flatMap(({ route, others, kind }) =>
          kind === "unreachable" ? route.id : [route, ...others].map(({ id }) => id)
        ),
      );
      for (const { id } of entries) {
        if (tied.has(id)) assert(reported.has(id), `${id} has an equal`);
        if (!reachable.has(id) && !queryTwice(byId.get(id)!)) assert(reported.has(id), `${id} is unreachable`);
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("analyse() calls nothing unreachable that a request reaches, with regexes and repeated parameters", () => {
  const patterns = fc.constantFrom("/a", "/:p", "/*");
  fc.assert(
    fc.property(entriesOver(patterns), fc.array(requests, { minLength: 50, maxLength: 50 }), (entries, list) => {
      const unreachable = new Set(
        analyse(entries).filter(({ kind }) => kind === "unreachable").map(({ route }) => route.id),
      );
      for (const request of list) {
        const [best] = candidates(entries, request);
        if (best !== undefined) assert(!unreachable.has(best.id), best.id);
      }
    }),
    { numRuns: 200 },
  );
});
