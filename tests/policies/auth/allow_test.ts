import { strict as assert } from "node:assert";
import type { Identity } from "../../../src/core/identity.ts";
import { validateConfig } from "../../../src/config/validate.ts";
import { allow, allowDefinition, type AllowOptions } from "../../../src/policies/auth/allow.ts";
import { allowSchema } from "../../../src/policies/auth/allow_schema.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { Context } from "../../../src/policies/context.ts";
import { makeEnv, makeExchange, readText } from "../../support/exchange.ts";
import { scripted } from "./scripted_identity.ts";

type Options = Parameters<typeof allow>[0];

const ALICE: Identity = {
  method: "jwt",
  subject: "alice",
  consumer: "acme",
  groups: ["staff"],
  scopes: ["orders:read", "orders:write"],
  claims: { tier: "pro", level: 3, roles: ["a", "b"], org: { id: "o1" } },
};

async function ask(options: Options, identity: Identity | undefined = ALICE) {
  const handler = allowDefinition.build(allowSchema.parse(options), makeEnv(), "a")(() =>
    new Reply(200, HeaderList.of(), null)
  );
  const exchange = makeExchange({ params: { id: "alice" } });
  exchange.identity = identity;
  return { exchange, reply: await handler(exchange) };
}

const ROWS: readonly (readonly [options: Options, passes: boolean, reason?: string])[] = [
  [{ groups: ["admin", "staff"] }, true],
  [{ groups: "staff" }, true],
  [{ groups: ["admin", "ops"] }, false, "in none of the groups admin, ops"],
  [{ scopes: ["orders:read", "orders:write"] }, true],
  [{ scopes: ["orders:read", "orders:delete"] }, false, "without the scope orders:delete"],
  [{ consumers: ["other", "acme"] }, true],
  [{ consumers: "other" }, false, "the consumer is none of other"],
  [{ claims: { tier: ["pro", "team"], level: 3 } }, true],
  [{ claims: { tier: "pro", level: "3" } }, false, "the claim level is none of 3"],
  [{ claims: { roles: "b" } }, true],
  [{ claims: { roles: ["c", "d"] } }, false, "the claim roles is none of c, d"],
  [{ claims: { "/org/id": "o1" } }, true],
  [{ claims: { "org.id": "o1" } }, false, "the claim org.id is none of o1"],
  [{ claims: { missing: false } }, false, "the claim missing is none of false"],
  [{ groups: "staff", claims: { tier: "free" } }, false, "the claim tier is none of free"],
  [{ groups: "staff", when: "jwt:tier == 'pro'" }, true],
  [{ groups: "staff", when: "jwt:tier == 'free'" }, false, "this is not so: jwt:tier == 'free'"],
  ["jwt:tier == 'pro' and 'staff' in groups", true],
  ["jwt:tier == 'free'", false, "this is not so: jwt:tier == 'free'"],
  [(ctx: Context) => ctx.identity?.subject === ctx.params.id, true],
  [(ctx: Context) => ctx.identity?.subject === "bob", false, "the function of allow did not return true"],
  [{ when: (identity: Identity, ctx: Context) => identity.subject === ctx.params.id }, true],
  [{ when: () => Promise.resolve(true) }, true],
  [{ when: () => Promise.resolve(false) }, false, "the function of allow did not return true"],
  [{ when: () => "yes" as never }, false, "the function of allow did not return true"],
  [{ groups: "admin", when: () => true }, false, "in none of the groups admin"],
];

Deno.test("allow() lets those pass for whom every condition holds, and says in the log alone why not", async () => {
  for (const [options, passes, reason = ""] of ROWS) {
    const { exchange, reply } = await ask(options), what = JSON.stringify(options) ?? String(options);
    assert.equal(reply.status, passes ? 200 : 403, what);
    assert.equal(exchange.reason, reason, what);
    if (passes) continue;
    assert.deepEqual([exchange.auth, exchange.error], ["forbidden", "forbidden"]);
    assert.equal(reply.header("www-authenticate"), null);
    assert.deepEqual(JSON.parse(await readText(reply.body)), {
      type: "urn:gatewright:problem:forbidden",
      title: "Forbidden",
      status: 403,
      code: "forbidden",
      detail: "This credential does not allow that.",
      requestId: "req-1",
    });
  }
});

Deno.test("allow() lets nobody pass who is not known, whatever its function would say", async () => {
  let asked = 0;
  const exchange = makeExchange();
  const reply = await allowDefinition.build(allowSchema.parse({ when: () => (asked++, true) }), makeEnv(), "a")(() =>
    new Reply(200, HeaderList.of(), null)
  )(exchange);
  assert.deepEqual([reply.status, exchange.reason, asked], [403, "nothing has said who is asking", 0]);
});

Deno.test("allow() is synchronous where nothing waits", () => {
  const handler = allowDefinition.build(allowSchema.parse({ groups: "staff", when: () => true }), makeEnv(), "a")(() =>
    new Reply(200, HeaderList.of(), null)
  );
  const exchange = makeExchange();
  exchange.identity = ALICE;
  assert.ok(handler(exchange) instanceof Reply);
});

const WRONG: readonly (readonly [options: unknown, at: string, message: string])[] = [
  [{}, "", "nothing is asked for, so that everybody would pass"],
  [{ claims: {} }, ".claims", "at least one claim is needed"],
  [{ groups: [] }, ".groups", "at least one is needed"],
  [{ claims: { tier: [] } }, ".claims.tier", "at least one value is needed"],
  [{ claims: { tier: null } }, ".claims.tier", "expected a value, or a list of them"],
  [{ when: "jwt:tier = 'a'" }, ".when", "at character 10: = is no sign here"],
  ["jwt:tier == a", "", "at character 13: a is no key"],
  [{ group: "a" }, ".group", 'unknown key, did you mean "groups"?'],
  [
    7,
    "",
    `expected conditions such as { groups: ["admin"] }, or an expression such as "jwt:tier == 'pro' or 'admin' in groups"`,
  ],
];

Deno.test("allow() that cannot be what it says is an error in its place", () => {
  for (const [options, at, message] of WRONG) {
    const policies = [scripted("a", undefined, ["*"]), allow(options as AllowOptions)];
    const { issues } = validateConfig({ routes: [{ path: "/", respond: {}, policies }] });
    assert.deepEqual(issues.map(({ path, message }) => [path, message]), [[`routes[0].policies[1]${at}`, message]]);
  }
});

Deno.test("allow() needs somebody who is known, and the claims that it names", () => {
  const needs = (options: Options) => allowDefinition.facts!(allowSchema.parse(options)).needs;
  assert.deepEqual(needs({ groups: "a" }), ["identity"]);
  assert.deepEqual(needs(() => true), ["identity"]);
  assert.deepEqual(needs({ claims: { tier: "a", "/org/id": "b", "/a~1b": "c" } }), [
    "identity",
    "jwt:tier",
    "jwt:org",
    "jwt:a/b",
  ]);
  assert.deepEqual(needs("jwt:tier == 'a' and param:id == subject"), ["identity", "jwt:tier", "param:id"]);
});

Deno.test("allow() tells `routes` what it asks for", () => {
  const describe = (options: Options) => allowDefinition.describe!(allowSchema.parse(options));
  assert.equal(
    describe({
      groups: ["a", "b"],
      scopes: ["s", "t"],
      consumers: "c",
      claims: { tier: ["x", "y"] },
      when: () => true,
    }),
    "allow: groups a|b, scopes s t, consumers c, tier x|y, a function",
  );
  assert.equal(describe("'a' in groups"), "allow: 'a' in groups");
});
