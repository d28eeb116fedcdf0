import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Choice, type Option } from "../../src/routing/choice.ts";
import { compilePredicate, type Predicate } from "../../src/routing/predicate.ts";
import { QueryMemo } from "../../src/routing/query_memo.ts";
import type { RouteRequest } from "../../src/routing/route_request.ts";
import { holds, makeRequest } from "./route_model.ts";

const value = fc.constantFrom("1", "2", "3", "4", "5");
const predicate: fc.Arbitrary<Predicate> = fc.record({
  of: fc.constantFrom("header" as const, "query" as const),
  name: fc.constantFrom("x-a", "x-b", "x-c"),
  match: fc.oneof(
    { weight: 5, arbitrary: fc.record({ oneOf: fc.array(value, { minLength: 1, maxLength: 3 }) }) },
    fc.record({ present: fc.boolean() }),
  ),
});
const fields = fc.dictionary(fc.constantFrom("x-a", "x-b", "x-c"), value, { noNullPrototype: true });

Deno.test("Choice gives what looking at one option after the other gives", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(predicate, { maxLength: 3 }), { maxLength: 40 }),
      fc.array(fields, { minLength: 8 }),
      (lists, all) => {
        const memo = new QueryMemo();
        const options: Option<number, RouteRequest>[] = lists.map((predicates, order) => ({
          item: order,
          order,
          conditions: predicates.map((predicate) => ({ predicate, test: compilePredicate(predicate, memo) })),
        }));
        const choice = new Choice(options);
        for (const fields of all) {
          const request = makeRequest("GET", "/", { fields, query: "?x-a=1&x-a=2" });
          const fitting = lists.flatMap((predicates, at) => predicates.every((one) => holds(one, request)) ? at : []);
          assert.equal(choice.pick(request)?.item, fitting[0]);
          const visited: number[] = [];
          choice.each(request, (item) => visited.push(item));
          assert.deepEqual(visited.sort((a, b) => a - b), fitting);
        }
      },
    ),
    { numRuns: 500 },
  );
});
