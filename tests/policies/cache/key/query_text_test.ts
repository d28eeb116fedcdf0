import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { CacheQueryPlan } from "../../../../src/policies/cache/cache_plan.ts";
import { queryText } from "../../../../src/policies/cache/key/query_text.ts";

const plan = (options: Partial<CacheQueryPlan>): CacheQueryPlan => ({ allow: null, deny: [], sort: false, ...options });

const ROWS: readonly (readonly [what: string, plan: Partial<CacheQueryPlan>, query: string, text: string])[] = [
  ["nothing", { deny: ["a"] }, "", ""],
  ["a parameter that does not count", { deny: ["utm"] }, "?utm=1&a=2", "?a=2"],
  ["nothing but what does not count", { deny: ["utm"] }, "?utm=1&utm", ""],
  ["all that begin so", { deny: ["utm_*"] }, "?utm_a=1&a=2&utm_=3&utm=4", "?a=2&utm=4"],
  ["case, of what does not count", { deny: ["utm"] }, "?UTM=1", "?UTM=1"],
  ["an escaped name", { deny: ["utm"] }, "?%75tm=1", "?%75tm=1"],
  ["a second parameter behind a semicolon", { deny: ["utm"] }, "?utm=1;id=2", "?utm=1;id=2"],
  ["only those that count", { allow: ["id"] }, "?a=1&id=2&id=3&b", "?id=2&id=3"],
  ["case, of what counts", { allow: ["Id"] }, "?iD=2", "?iD=2"],
  ["lists of what counts", { allow: ["id"] }, "?id[]=1&id[x][y]=2&ids[]=3", "?id[]=1&id[x][y]=2"],
  [
    "lists of what counts, written as one",
    { allow: ["id[]", "f[*"] },
    "?id[]=1&id=2&f[x]=3&a=4",
    "?id[]=1&id=2&f[x]=3",
  ],
  ["what begins so", { allow: ["id_*"] }, "?id_a=1&id=2&id_=3", "?id_a=1&id_=3"],
  ["an escaped name that may count", { allow: ["id"] }, "?%69d=1&a=2", "?%69d=1"],
  ["a name with a dot that may count", { allow: ["id"] }, "?id.x=1", "?id.x=1"],
  ["what counts behind a semicolon", { allow: ["id"] }, "?a=1;id=2", "?a=1;id=2"],
  ["all of those that count but some", { allow: ["f_*"], deny: ["f_x"] }, "?f_x=1&f_y=2", "?f_y=2"],
  ["none", { allow: [] }, "?a=1", ""],
  ["order", { sort: true }, "?b=1&a=2&&B=0&a=1", "?a=2&a=1&b=1&B=0"],
  ["order of two", { sort: true }, "?b=1&a=2", "?a=2&b=1"],
  ["order, where a name has escapes", { sort: true }, "?b=1&%61=2&a=1", "?b=1&%61=2&a=1"],
  ["order, where another name has escapes", { sort: true }, "?b=1&a=2&%61=1", "?b=1&a=2&%61=1"],
  ["order, where a name has a dot", { sort: true }, "?b=1&a.c=2", "?b=1&a.c=2"],
  ["order, where there is a semicolon", { sort: true }, "?b=1;c&a=2", "?b=1;c&a=2"],
  ["order of lists", { sort: true }, "?b[1]=1&a=0&b[0]=2", "?a=0&b[1]=1&b[0]=2"],
];
for (const [what, options, query, text] of ROWS) {
  Deno.test(`the query in a key: ${what}`, () => assert.equal(queryText(plan(options))(query), text));
}

Deno.test("the query in a key is its own", () => {
  const text = queryText(plan({ allow: ["id", "b*"], deny: ["bc"], sort: true }));
  fc.assert(fc.property(queries, (query) => assert.equal(text(text(query)), text(query))));
});

/** Servers, by what they read under the name `id`, in order. */
const SERVERS: Readonly<Record<string, (query: string) => string[]>> = {
  plain: (query) => pairs(query, /&/).flatMap(([name, value]) => name === "id" ? [value] : []),
  "without regard to case": (query) =>
    pairs(query, /&/).flatMap(([name, value]) => name.toLowerCase() === "id" ? [value] : []),
  "with semicolons": (query) => pairs(query, /[&;]/).flatMap(([name, value]) => name === "id" ? [value] : []),
  "with brackets": (query) =>
    pairs(query, /&/).flatMap(([name, value]) => name.split("[")[0] === "id" ? [`${name}=${value}`] : []),
  "with paths": (query) =>
    pairs(query, /&/).flatMap(([name, value]) => /^id(?=$|[.[])/.test(name) ? [`${name}=${value}`] : []),
};

function pairs(query: string, separator: RegExp): [string, string][] {
  return query.slice(1).split(separator).filter((pair) => pair !== "").map((pair) => {
    const equals = pair.indexOf("="), end = equals < 0 ? pair.length : equals;
    return [decodeURIComponent(pair.slice(0, end)), pair.slice(end + 1)];
  });
}

const names = fc.constantFrom(
  "id",
  "ID",
  "%69d",
  "i%64",
  "id[]",
  "id%5B%5D",
  "id.x",
  "id[x]",
  "ids",
  "a",
  "b",
  "i",
  "",
);
const values = fc.constantFrom("", "=", "=1", "=2", "=;id=3", ";id", "=1;id=4");
const parts = fc.array(fc.tuple(names, values).map(([name, value]) => name + value), { maxLength: 5 });
const queries = parts.map((parts) => parts.length === 0 ? "" : `?${parts.join("&")}`);

const PLANS: readonly Partial<CacheQueryPlan>[] = [
  { allow: ["id"] },
  { allow: ["id"], sort: true },
  { allow: ["ID[]"] },
  { deny: ["a", "b*"], sort: true },
  { sort: true },
];
for (const options of PLANS) {
  for (const [server, read] of Object.entries(SERVERS)) {
    Deno.test(`two queries with one text are one to a server ${server}: ${JSON.stringify(options)}`, () => {
      const text = queryText(plan(options)), query = (parts: readonly string[]) => `?${parts.join("&")}`;
      const two = parts.chain((some) =>
        fc.tuple(fc.shuffledSubarray(some, { minLength: some.length }), fc.constant(some))
      );
      fc.assert(
        fc.property(two, parts, (many, added) => {
          const [a, b] = [query(many[0]), query([...many[1], ...added])];
          if (text(a) === text(b)) assert.deepEqual(read(a), read(b));
        }),
        { numRuns: 1000 },
      );
    });
  }
}
