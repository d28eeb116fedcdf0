import { strict as assert } from "node:assert";
import { toConstraint } from "../../src/routing/constraint.ts";
import type { Match, Predicate } from "../../src/routing/predicate.ts";
import { formatWitness, forWitness, valuesFor } from "../../src/routing/witness.ts";

const header = (name: string, match: Match): Predicate => ({ of: "header", name, match });
const key = (name: string, match: Match): Predicate => ({ of: "key", name, match, read: () => undefined });

function line(...predicates: Predicate[]): string | null {
  const values = valuesFor(new Map(), predicates.map(toConstraint));
  return values === null ? null : formatWitness({ method: "GET", host: "h", path: "/p", ...values });
}

const LINES: [predicates: Predicate[], line: string | null][] = [
  [[], "GET http://h/p"],
  [[header("x-a", { oneOf: ["1", "2"] })], "GET http://h/p  x-a: 1"],
  [[header("x-a", { present: true })], "GET http://h/p  x-a: other-1"],
  [[header("x-a", { present: false })], "GET http://h/p"],
  [[header("x-a", { regex: "v\\d" })], "GET http://h/p  x-a: v1"],
  [[{ of: "query", name: "q", match: { oneOf: ["a&b"] } }], "GET http://h/p?q=a%26b"],
  [[key("query:q", { oneOf: ["1"] }), { of: "query", name: "q", match: { oneOf: ["2"] } }], "GET http://h/p?q=1&q=2"],
  [[key("cookie:a", { oneOf: ["1"] }), key("cookie:b", { oneOf: ["2"] })], "GET http://h/p  cookie: a=1; b=2"],
  [[key("ip", { oneOf: ["10.0.0.1"] })], "GET http://h/p  (ip = 10.0.0.1)"],
  // What no request can say.
  [[header("x-a", { oneOf: ["a\r\nb"] })], null],
  [[header("x-a", { oneOf: [" a"] })], null],
  [[key("cookie:a", { oneOf: ["a;b"] })], null],
  [[header("cookie", { present: true }), key("cookie:a", { oneOf: ["1"] })], null],
  [[header("x-a", { oneOf: ["1"] }), header("x-a", { oneOf: ["2"] })], null],
  [[header("x-a", { regex: "(?!.)a" })], null],
];

for (const [predicates, expected] of LINES) {
  const asked = predicates.map(({ of, name, match }) => `${of} ${name} ${JSON.stringify(match)}`).join(", ");
  Deno.test(`formatWitness(valuesFor()) for ${asked || "nothing"}: ${expected === null ? "none" : expected}`, () => {
    assert.equal(line(...predicates), expected);
  });
}

Deno.test("forWitness() reads keys from the witness's own fields", () => {
  const names = ["header:X-A", "query:q", "cookie:c", "ip"];
  const predicates = names.map((name, at) => key(name, { oneOf: [`${at}`] }));
  const values = valuesFor(new Map(), predicates.map(toConstraint));
  assert(values !== null);
  const witness = { method: "GET", host: "h", path: "/", ...values };
  const read = forWitness(predicates).map((predicate) => predicate.of === "key" ? predicate.read(witness) : null);
  assert.deepEqual(read, ["0", "1", "2", "3"]);
});
