import { strict as assert } from "node:assert";
import type { Identity } from "../../../src/core/identity.ts";
import { Reply } from "../../../src/core/reply.ts";
import { AuthRefusal, type RefusalKind } from "../../../src/policies/auth/auth_refusal.ts";
import { authenticating } from "../../../src/policies/auth/authenticator.ts";
import { makeExchange, readText } from "../../support/exchange.ts";

const ALICE: Identity = { method: "test", subject: "alice" };
const next = () => Reply.text(200, "in");

/** Who comes to this verdict, be it at once or later; it owns x-user and hides x-key. */
function asks(verdict: Identity | AuthRefusal, later: boolean, optional = false) {
  return authenticating({
    owns: ["x-user"],
    check: () => later ? Promise.resolve(verdict) : verdict,
    accepted(exchange, identity) {
      exchange.headers.remove("x-key");
      exchange.headers.set("x-user", identity.subject!);
    },
  }, optional)(next);
}

const request = () => makeExchange({ headers: [["x-user", "root"], ["x-key", "k"], ["x-user", "admin"]] });
const refusal = (kind: RefusalKind, more = {}) => new AuthRefusal(kind, { reason: `it is ${kind}`, ...more });

for (const later of [false, true]) {
  const when = later ? "later" : "at once";

  Deno.test(`a good credential lets a request pass ${when}: credentialed, its credential hidden, what is owned rewritten`, async () => {
    const exchange = request(), reply = await asks(ALICE, later)(exchange);
    assert.deepEqual([reply.status, exchange.identity, exchange.credentialed, exchange.auth], [
      200,
      ALICE,
      true,
      "passed",
    ]);
    assert.deepEqual([exchange.headers.get("x-key"), exchange.headers.get("x-user")], [null, "alice"]);
  });

  Deno.test(`without a credential an optional policy lets pass ${when}, and nobody else's word goes on`, async () => {
    const exchange = request(), reply = await asks(refusal("absent"), later, true)(exchange);
    assert.deepEqual([reply.status, exchange.auth, exchange.credentialed, exchange.identity], [
      200,
      "anonymous",
      false,
      undefined,
    ]);
    assert.equal(exchange.headers.get("x-user"), null);
  });

  for (const kind of ["invalid", "limited", "unavailable", "forbidden"] as const) {
    Deno.test(`a credential that is ${kind} is refused ${when}, be it optional`, async () => {
      const exchange = request(), reply = await asks(refusal(kind), later, true)(exchange);
      assert.notEqual(reply.status, 200);
      assert.deepEqual([exchange.auth, exchange.identity], [kind, undefined]);
    });
  }
}

Deno.test("a policy that need not wait answers without a promise", () => {
  assert.ok(!(asks(ALICE, false)(request()) instanceof Promise));
});

const STATUSES: readonly (readonly [RefusalKind, status: number, code: string])[] = [
  ["absent", 401, "credential_missing"],
  ["invalid", 401, "credential_invalid"],
  ["limited", 429, "credential_attempts"],
  ["unavailable", 503, "auth_unavailable"],
  ["forbidden", 403, "forbidden"],
];

for (const [kind, status, code] of STATUSES) {
  Deno.test(`a refusal that is ${kind} is a ${status}, its reason for the log alone`, async () => {
    const exchange = request();
    const reply = refusal(kind, { challenges: ['Bearer realm="a"', 'Basic realm="b"'], retryAfter: 7 }).reply(exchange);
    const text = await readText(reply.body);
    assert.deepEqual([reply.status, JSON.parse(text).code, exchange.error], [status, code, code]);
    assert.deepEqual([exchange.reason, text.includes("it is")], [`it is ${kind}`, false]);
    assert.equal(reply.header("retry-after"), "7");
    const challenges = status === 401 ? ['Bearer realm="a"', 'Basic realm="b"'] : [];
    assert.deepEqual(reply.headers.getAll("www-authenticate"), challenges);
  });
}
