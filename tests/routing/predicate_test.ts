import { strict as assert } from "node:assert";
import { compilePredicate, type Match, matchError, type Predicate } from "../../src/routing/predicate.ts";
import { QueryMemo } from "../../src/routing/query_memo.ts";
import { makeRequest } from "./route_model.ts";

/** `undefined`: the header or parameter is absent. */
const VALUES: [match: Match, value: string | undefined, fits: boolean][] = [
  [{ present: true }, "", true],
  [{ present: true }, undefined, false],
  [{ present: false }, undefined, true],
  [{ present: false }, "", false],
  [{ oneOf: ["1"] }, "1", true],
  [{ oneOf: ["1"] }, "12", false],
  [{ oneOf: ["1", "2"] }, "2", true],
  [{ oneOf: ["1", "2"] }, "3", false],
  [{ oneOf: [""] }, undefined, false],
  [{ regex: "v\\d" }, "v1", true],
  [{ regex: "v\\d" }, "v12", false],
  [{ regex: "v\\d" }, "xv1", false],
  [{ regex: "a|b" }, "ab", false],
  [{ regex: "" }, undefined, false],
];

for (const [match, value, fits] of VALUES) {
  Deno.test(`compilePredicate() ${JSON.stringify(match)} ${fits ? "takes" : "refuses"} ${value ?? "absence"}`, () => {
    const fields: Record<string, string> = value === undefined ? {} : { "x-a": value };
    const query = value === undefined ? "?b=1" : `?a=${value}`;
    const predicates: Predicate[] = [
      { of: "header", name: "x-a", match },
      { of: "query", name: "a", match },
      { of: "key", name: "header:x-a", match, read: (request) => request.headers.get("x-a") ?? undefined },
    ];
    for (const predicate of predicates) {
      const test = compilePredicate(predicate, new QueryMemo());
      assert.equal(test(makeRequest("GET", "/", { fields, query })), fits, predicate.of);
    }
  });
}

Deno.test("compilePredicate() takes a query when one of its values fits", () => {
  const memo = new QueryMemo();
  const test = compilePredicate({ of: "query", name: "a b", match: { oneOf: ["é"] } }, memo);
  assert.equal(test(makeRequest("GET", "/", { query: "?a+b=1&a%20b=%C3%A9" })), true);
  assert.equal(test(makeRequest("GET", "/", { query: "?a+b=1&c=%C3%A9" })), false);
  assert.equal(test(makeRequest("GET", "/", { query: "" })), false);
});

Deno.test("matchError() names what no match can be", () => {
  assert.equal(matchError({ present: true }), null);
  assert.equal(matchError({ oneOf: ["a"] }), null);
  assert.equal(matchError({ regex: "a|b" }), null);
  assert.match(matchError({ oneOf: [] })?.message ?? "", /empty/);
  assert.match(matchError({ regex: "(" })?.message ?? "", /"\(" is no regular expression/);
  assert.match(matchError({ regex: "a)|(b" })?.message ?? "", /no regular expression/);
});
