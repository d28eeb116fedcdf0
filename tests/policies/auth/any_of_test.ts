import { strict as assert } from "node:assert";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { allOf } from "../../../src/policies/auth/all_of.ts";
import { anyOf, anyOfDefinition } from "../../../src/policies/auth/any_of.ts";
import { AuthRefusal } from "../../../src/policies/auth/auth_refusal.ts";
import { optional } from "../../../src/policies/auth/optional.ts";
import { through } from "./identity_bed.ts";
import { byHeader, refusal, scripted } from "./scripted_identity.ts";

const both = anyOf([scripted("a"), scripted("b")]);

Deno.test("anyOf() lets pass whom the first policy knows, or the next", async () => {
  const ask = through(both);
  for (
    const [headers, method] of [
      [{ "x-a": "good" }, "a"],
      [{ "x-b": "good" }, "b"],
      [{ "x-a": "good", "x-b": "good" }, "a"],
      [{ "x-a": "bad", "x-b": "good" }, "b"],
    ] as const
  ) {
    const { status, exchange } = await ask(headers);
    assert.equal(status, 200);
    assert.equal(exchange.identity?.method, method);
    assert.deepEqual([exchange.credentialed, exchange.auth], [true, "passed"]);
  }
});

Deno.test("anyOf() asks nobody behind the one that lets pass", async () => {
  let asked = 0;
  const ask = through(anyOf([scripted("a"), scripted("b", () => (asked++, refusal("absent", "b")))]));
  await ask({ "x-a": "good" });
  assert.equal(asked, 0);
  await ask();
  assert.equal(asked, 1);
});

Deno.test("anyOf() hides every credential from the upstream, also those that nobody has checked", async () => {
  const { exchange } = await through(both)({ "x-a": "bad", "x-b": "good", "x-a-is": "forged", "x-b-is": "forged" });
  assert.deepEqual(exchange.headers.flat(), ["x-b-is", "b-subject"]);
  const first = await through(both)({ "x-a": "good", "x-b": "bad", "x-a-is": "forged", "x-b-is": "forged" });
  assert.deepEqual(first.exchange.headers.flat(), ["x-a-is", "a-subject"]);
});

Deno.test("anyOf() refuses with every challenge, and with what is gravest", async () => {
  const kinds = ["absent", "invalid", "forbidden", "limited", "unavailable"] as const;
  const statuses = { absent: 401, invalid: 401, forbidden: 403, limited: 429, unavailable: 503 };
  for (const [i, first] of kinds.entries()) {
    for (const [j, second] of kinds.entries()) {
      const policy = anyOf([scripted("a", () => refusal(first, "a")), scripted("b", () => refusal(second, "b"))]);
      const { status, exchange, challenges } = await through(policy)(), gravest = kinds[Math.max(i, j)];
      assert.equal(status, statuses[gravest]);
      assert.equal(exchange.auth, gravest);
      assert.equal(exchange.identity, undefined);
      assert.deepEqual(challenges, status === 401 ? ["a", "b"] : []);
    }
  }
});

Deno.test("anyOf() says in the log what was wrong with what was shown", async () => {
  const ask = through(both);
  assert.equal((await ask()).exchange.reason, "a: absent a; b: absent b");
  assert.equal((await ask({ "x-b": "bad" })).exchange.reason, "b: invalid b");
  assert.equal((await ask({ "x-a": "bad" })).exchange.reason, "a: invalid a");
  assert.equal((await ask()).exchange.reason, "a: absent a; b: absent b");
});

Deno.test("anyOf() tells who has to wait for how long at least", async () => {
  const policy = anyOf([
    scripted("a", () => refusal("limited", "a", 9)),
    scripted("b", () => refusal("limited", "b", 4)),
    scripted("c", () => refusal("invalid", "c", 1)),
  ]);
  assert.equal((await through(policy)()).reply.header("retry-after"), "4");
});

Deno.test("anyOf() answers as the service that was asked, where its refusal is the gravest, and asks for all that would do", async () => {
  const page = (status: number) => () => new Reply(status, HeaderList.of("x-page", "1", "www-authenticate", "c"), null);
  const asked = (kind: "absent" | "forbidden", status: number) =>
    scripted("c", () => new AuthRefusal(kind, { reason: "c", answer: page(status) }));
  const signed = scripted("a", () => {
    return new AuthRefusal("absent", { reason: "a", challenges: ["a"], fields: ["accept-signature", "sig=()"] });
  });
  const bad = scripted("b", () => refusal("invalid", "b"));
  const cases: [Parameters<typeof anyOf>[0], number, string | null, string[], string | null][] = [
    [[signed, asked("absent", 401)], 401, "1", ["c", "a"], "sig=()"],
    [[signed, asked("absent", 302)], 302, "1", ["c"], null],
    [[signed, asked("forbidden", 403)], 403, "1", ["c"], null],
    [[bad, asked("forbidden", 403)], 403, "1", ["c"], null],
    [[signed, bad, asked("absent", 302)], 401, null, ["a", "b"], "sig=()"],
  ];
  for (const [members, status, page, challenges, accepts] of cases) {
    const asked = await through(anyOf(members))();
    assert.deepEqual([asked.status, asked.reply.header("x-page"), asked.challenges], [status, page, challenges]);
    assert.equal(asked.reply.header("accept-signature"), accepts);
  }
});

Deno.test("anyOf() waits for those who have to ask, in order", async () => {
  const slow = (name: string) => {
    const find = byHeader(name);
    return scripted(name, async (shown, exchange) => (await Promise.resolve(), find(shown, exchange)));
  };
  for (const policy of [anyOf([slow("a"), scripted("b")]), anyOf([slow("a"), slow("b"), scripted("c")])]) {
    const ask = through(policy);
    assert.equal((await ask({ "x-a": "good" })).exchange.identity?.method, "a");
    const { exchange } = await ask({ "x-a": "bad", "x-b": "good" });
    assert.equal(exchange.identity?.method, "b");
    assert.deepEqual(exchange.headers.flat(), ["x-b-is", "b-subject"]);
    assert.equal((await ask({ "x-b": "bad" })).code, "credential_invalid");
  }
});

Deno.test("anyOf() answers at once where nothing waits", () => {
  const authenticator = anyOfDefinition.authenticator({ anyOf: [scripted("a")] }, null as never, "a");
  assert.ok(!(authenticator.check({ headers: { get: () => null } } as never) instanceof Promise));
});

Deno.test("anyOf() with an optional policy lets those pass who show nothing, and no others", async () => {
  const ask = through(anyOf([scripted("a"), optional(scripted("b"))]));
  const anonymous = await ask();
  assert.deepEqual([anonymous.status, anonymous.exchange.auth], [200, "anonymous"]);
  assert.deepEqual([anonymous.exchange.identity, anonymous.exchange.credentialed], [undefined, false]);
  assert.equal((await ask({ "x-b": "bad" })).status, 401);
  assert.equal((await ask({ "x-a": "bad" })).status, 401);
});

Deno.test("anyOf() holds allOf() and others of its kind", async () => {
  const ask = through(anyOf([allOf([scripted("a"), scripted("b")]), anyOf([scripted("c"), scripted("d")])]));
  assert.equal((await ask({ "x-a": "good" })).code, "credential_missing");
  const { exchange } = await ask({ "x-a": "good", "x-b": "good", "x-d": "good" });
  assert.deepEqual(exchange.headers.flat(), ["x-b-is", "b-subject", "x-a-is", "a-subject"]);
  const other = await ask({ "x-a": "good", "x-d": "good" });
  assert.equal(other.exchange.identity?.method, "d");
  assert.deepEqual(other.exchange.headers.flat(), ["x-d-is", "d-subject"]);
});

Deno.test("anyOf() gives what all of its policies give", () => {
  const gives = (...anyOf: ReturnType<typeof scripted>[]) => anyOfDefinition.facts!({ anyOf }).gives;
  const a = scripted("a", undefined, ["sub", "tier"]), b = scripted("b", undefined, ["sub"]);
  const all = scripted("c", undefined, ["*"]);
  assert.deepEqual(gives(a, b), ["identity", "consumer", "jwt:sub"]);
  assert.deepEqual(gives(a, all), ["identity", "consumer", "jwt:sub", "jwt:tier"]);
  assert.deepEqual(gives(all, all), ["identity", "consumer", "jwt:*"]);
  assert.deepEqual(gives(a, scripted("d")), ["identity", "consumer"]);
});
