import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Identity } from "../../../../src/core/identity.ts";
import { type Expression, parseExpression } from "../../../../src/policies/auth/allow/expression.ts";
import { type ExchangeOptions, makeExchange } from "../../../support/exchange.ts";

const IDENTITY: Identity = {
  method: "jwt",
  subject: "u1",
  consumer: "acme",
  groups: ["staff", "ops"],
  scopes: ["orders:read"],
  claims: {
    tier: "pro",
    level: 3,
    verified: true,
    blocked: false,
    nothing: null,
    roles: ["a", "b"],
    aud: "api",
    "https://example.com/plan": "gold",
    "realm.access": "flat",
    realm_access: { roles: ["editor"], "a/b": 1, list: [{ x: "y" }] },
  },
};

const REQUEST: ExchangeOptions = { headers: [["x-plan", "gold"]], query: "?a=1", params: { id: "u1" } };

function holds(text: string, identity: Identity | undefined = IDENTITY): boolean {
  const parsed = parseExpression(text);
  assert.ok(!("error" in parsed), `${text}: ${JSON.stringify(parsed)}`);
  const exchange = makeExchange(REQUEST);
  exchange.identity = identity;
  return parsed.test(exchange);
}

const TRUE = [
  "jwt:tier == 'pro'",
  'jwt:tier == "pro"',
  "'pro' == jwt:tier",
  "jwt:tier != 'free'",
  "jwt:tier in ['free', 'pro']",
  "jwt:tier not in ['free']",
  "jwt:level == 3",
  "jwt:level != '3'",
  "jwt:level in [1, 2, 3]",
  "jwt:verified",
  "jwt:verified == true",
  "not jwt:blocked",
  "jwt:blocked == false",
  "'staff' in groups",
  "'none' not in groups",
  "groups in ['x', 'ops']",
  "'orders:read' in scopes",
  "jwt:roles in groups or 'b' in jwt:roles",
  "'api' in jwt:aud",
  "jwt:aud in ['api']",
  "consumer == 'acme'",
  "subject == param:id",
  "method == 'jwt'",
  "header:x-plan == jwt:https://example.com/plan",
  "jwt:realm.access == 'flat'",
  "'editor' in jwt:/realm_access/roles",
  "jwt:/realm_access/a~1b == 1",
  "jwt:/realm_access/list/0/x == 'y'",
  "query:a == '1'",
  "ip == '192.0.2.7'",
  "identity == 'consumer=acme'",
  "consumer",
  "not jwt:missing",
  "jwt:missing != 'x'",
  "jwt:missing != jwt:missing",
  "jwt:nothing != jwt:nothing",
  "not (jwt:tier == 'free' or consumer == 'other') and subject",
  "jwt:tier == 'free' and consumer == 'x' or groups in ['ops']",
  "jwt:tier == 'free' or not consumer == 'x' and subject == 'u1'",
  "not not consumer",
  "  consumer=='acme'  and(subject=='u1')",
];

const FALSE = [
  "jwt:tier == 'free'",
  "jwt:tier == 'PRO'",
  "jwt:level == '3'",
  "jwt:missing == jwt:missing",
  "jwt:missing",
  "jwt:nothing",
  "jwt:blocked",
  "jwt:constructor",
  "jwt:__proto__",
  "jwt:/realm_access/constructor",
  "jwt:/tier/length",
  "jwt:/realm_access/roles/9",
  "jwt:/realm_access/roles/length",
  "jwt:/realm_access/list/00/x",
  "jwt:roles == 'a'",
  "jwt:realm_access == jwt:realm_access",
  "'p' in jwt:tier",
  "'missing' in jwt:missing",
  "jwt:missing in ['x']",
  "jwt:tier == 'pro' and 'x' in groups",
  "not consumer or jwt:tier == 'free'",
  "(jwt:tier == 'pro' or subject == 'x') and consumer == 'other'",
  "param:nope",
];

Deno.test("an expression holds of requests that are so, and of no others", () => {
  for (const text of TRUE) assert.equal(holds(text), true, text);
  for (const text of FALSE) assert.equal(holds(text), false, text);
});

Deno.test("without an identity nothing of it is there", () => {
  for (const text of ["consumer", "jwt:tier", "'a' in groups", "subject == 'u1'", "jwt:/a/b"]) {
    assert.equal(holds(text, undefined) && holds(text, {}), false, text);
  }
});

const WRONG: readonly (readonly [text: string, at: number, error: string, remedy?: string])[] = [
  ["", 0, "something is missing at the end", "a key such as jwt:tier, groups, or a text such as 'admin'"],
  ["jwt:tier ==", 11, "something is missing at the end", "a key such as jwt:tier, groups, or a text such as 'admin'"],
  ["jwt:tier = 'pro'", 9, "= is no sign here", "=="],
  ["jwt:a && jwt:b", 6, "& is no sign here", "and"],
  ["!jwt:a", 0, "! is no sign here", "not"],
  ["jwt:a < 3", 6, "< is no sign here"],
  ["jwt:tier == 'pro", 12, "this quote is not closed", "' at its end"],
  ["jwt:tier == pro", 12, "pro is no key", "'pro', for the text"],
  ["jwt:tier == 'pro' or 'team'", 21, "'team' alone does not ask for anything", "what it is compared with"],
  ["true", 0, "true alone does not ask for anything", "what it is compared with"],
  ["'a' == 'a'", 0, "nothing of the request is in this comparison", "a key such as jwt:tier, or groups"],
  ["groups == 'a'", 0, "groups has several values", "'a' in groups"],
  ["'a' == groups", 0, "groups has several values", "'a' in groups"],
  ["jwt:a == ['b']", 0, "a list has several values", "jwt:a in a list"],
  ["header:x == 3", 0, "header:x is a text", "'3'"],
  ["consumer != true", 0, "consumer is a text", "'true'"],
  ["'a' in consumer", 0, "consumer is no list", "'a' == consumer"],
  ["['a'] in groups", 0, "a list stands after in", "groups in […]"],
  ["jwt:a in [jwt:b]", 9, "jwt:b cannot stand in a list", "texts, such as ['a', 'b']"],
  ["jwt:a in ['b'", 13, "expected ] before the end", "]"],
  ["(jwt:a", 6, "expected ) before the end", ")"],
  ["jwt:a)", 5, ") makes no sense here", "and or or before it"],
  ["jwt:a jwt:b", 6, "jwt:b makes no sense here", "and or or before it"],
  ["and jwt:a", 0, "and makes no sense here", "a key such as jwt:tier, groups, or a text such as 'admin'"],
  ["jwt:a not 'in' groups", 6, "not makes no sense here", "and or or before it"],
  [
    "jwt:a == 9007199254740993",
    9,
    "9007199254740993 is too large for a number to be exact",
    "'9007199254740993', for the text",
  ],
  ["group == 'a'", 0, "group is no key", "groups"],
  ["heder:x == 'a'", 0, "heder:x is no key", "header:x"],
  ["form:a == 'b'", 0, "form:a is in the request's body, which nothing here waits for"],
  ["not ".repeat(60) + "jwt:a", 204, "more than 50 are inside one another"],
  ["(".repeat(60), 51, "more than 50 are inside one another"],
  ["x".repeat(3000), 2000, "this has more than 2000 characters", "a function in TypeScript"],
];

Deno.test("what is no expression says where and what to write", () => {
  for (const [text, at, error, remedy] of WRONG) {
    assert.deepEqual(parseExpression(text), remedy === undefined ? { error, at } : { error, at, remedy }, text);
  }
});

Deno.test("an expression needs the facts that it reads", () => {
  const facts = (text: string) => (parseExpression(text) as Expression).facts;
  assert.deepEqual(facts("jwt:tier == 'a' or jwt:/org/id == 1 or 'x' in groups"), ["jwt:tier", "jwt:org", "identity"]);
  assert.deepEqual(facts("param:id == subject and header:a == 'b' or consumer"), ["param:id", "identity", "consumer"]);
});

const PIECES = [
  "jwt:a",
  "jwt:/a/b",
  "groups",
  "scopes",
  "consumer",
  "header:x",
  "==",
  "!=",
  "in",
  "not",
  "and",
  "or",
  "(",
  ")",
  "[",
  "]",
  ",",
  "'a'",
  '"b"',
  "3",
  "-1.5",
  "true",
  "false",
  "'",
  "=",
  "&",
  "\u0000",
  "é",
  " ",
];

Deno.test("parsing never throws, and what it makes is true or false of every identity", () => {
  const text = fc.oneof(
    fc.string(),
    // Many short ones: of the long ones few are expressions.
    fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }).map((all) => all.join(" ")),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((all) => all.join(" ")),
  );
  const claims = fc.dictionary(fc.constantFrom("a", "b", "__proto__"), fc.jsonValue({ maxDepth: 2 }));
  let expressions = 0;
  fc.assert(
    fc.property(text, claims, fc.array(fc.constantFrom("a", "b")), (text, claims, groups) => {
      const parsed = parseExpression(text);
      if ("error" in parsed) {
        assert.ok(parsed.at >= 0 && parsed.at <= text.length);
        return;
      }
      expressions++;
      const exchange = makeExchange();
      exchange.identity = { claims, groups };
      assert.equal(typeof parsed.test(exchange), "boolean");
    }),
    { numRuns: 5_000 },
  );
  assert.ok(expressions > 50, `only ${expressions} were expressions`);
});

/** A condition as a tree, its text, and what it means in so many words. */
interface Node {
  readonly text: string;
  readonly is: (claims: Record<string, unknown>, groups: readonly string[]) => boolean;
}

const NAMES = ["a", "b"], VALUES = ["x", "y", 1, true] as const;
const print = (value: unknown) => typeof value === "string" ? `'${value}'` : String(value);

const leaf: fc.Arbitrary<Node> = fc.tuple(
  fc.constantFrom(...NAMES),
  fc.constantFrom(...VALUES),
  fc.constantFrom(...VALUES),
  fc.constantFrom("==", "!=", "in", "not in", "alone", "group"),
).map(([name, value, other, how]): Node => {
  const of = (claims: Record<string, unknown>) => [claims[name] ?? []].flat();
  switch (how) {
    case "==":
      return { text: `jwt:${name} == ${print(value)}`, is: (claims) => claims[name] === value };
    case "!=":
      return { text: `jwt:${name} != ${print(value)}`, is: (claims) => claims[name] !== value };
    case "in":
      return {
        text: `jwt:${name} in [${print(value)}, ${print(other)}]`,
        is: (claims) => of(claims).some((one) => one === value || one === other),
      };
    case "not in":
      return { text: `${print(value)} not in jwt:${name}`, is: (claims) => !of(claims).includes(value) };
    case "group":
      return { text: `'x' in groups`, is: (_, groups) => groups.includes("x") };
    default:
      return { text: `jwt:${name}`, is: (claims) => ![undefined, null, false].includes(claims[name] as never) };
  }
});

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    tie("node").map(({ text, is }): Node => ({ text: `not (${text})`, is: (...all) => !is(...all) })),
    fc.tuple(tie("node"), tie("node"), fc.boolean()).map(([a, b, both]): Node => ({
      text: `(${a.text}) ${both ? "and" : "or"} (${b.text})`,
      is: (...all) => both ? a.is(...all) && b.is(...all) : a.is(...all) || b.is(...all),
    })),
  ),
}));

Deno.test("an expression is what its tree says", () => {
  const value = fc.oneof(
    fc.constantFrom(...VALUES, false, null),
    fc.array(fc.constantFrom(...VALUES), { maxLength: 2 }),
  );
  const claims = fc.dictionary(fc.constantFrom(...NAMES), value);
  fc.assert(
    fc.property(node, claims, fc.array(fc.constantFrom("x", "z")), ({ text, is }, claims, groups) => {
      const parsed = parseExpression(text);
      if ("error" in parsed) return assert.match(parsed.error, /inside one another|more than/, text);
      const exchange = makeExchange();
      exchange.identity = { claims, groups };
      assert.equal(parsed.test(exchange), is(claims, groups), text);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("and binds closer than or, and not closer than and: the tree without its brackets", () => {
  const words = fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.constantFrom("and", "or")), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(fc.property(words, (words) => {
    const text = words.map(([not, is, join], i) =>
      `${i === 0 ? "" : `${join} `}${not ? "not " : ""}jwt:${is ? "yes" : "no"}`
    ).join(" ");
    const js = words.map(([not, is, join], i) =>
      `${i === 0 ? "" : join === "and" ? "&& " : "|| "}${not ? "!" : ""}${is}`
    ).join(" ");
    assert.equal(holds(text, { claims: { yes: true } }), Function(`return ${js}`)(), text);
  }));
});
