import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import { secret } from "../../../src/core/secret.ts";
import { allow } from "../../../src/policies/auth/allow.ts";
import { anyOf } from "../../../src/policies/auth/any_of.ts";
import { apiKey, type KeyHash } from "../../../src/policies/auth/api_key.ts";
import { basicAuth } from "../../../src/policies/auth/basic_auth.ts";
import { definePolicy } from "../../../src/policies/define_policy.ts";

const A: KeyHash = `sha256:${"a".repeat(64)}`, B: KeyHash = `sha256:${"b".repeat(64)}`;
const UNKNOWN = "routes[0].policies[0].consumers: there is no consumer of this name";

function warnings(policies: readonly unknown[], allowed: unknown = allow({ consumers: ["acme", "acne"] })): string[] {
  const { issues } = validateConfig({
    consumers: { acme: { keys: [A] } },
    policies,
    routes: [{ path: "/a", respond: {}, policies: [allowed] }, { path: "/b", respond: {}, policies: [allowed] }],
  });
  return issues.filter(({ path }) => path.startsWith("routes")).map(({ path, message }) => `${path}: ${message}`);
}

Deno.test("allow() of a consumer that there is not is a warning, once", () => {
  assert.deepEqual(warnings([apiKey()]), [`${UNKNOWN}, did you mean "acme"?`]);
  assert.deepEqual(warnings([anyOf([basicAuth(), apiKey()])]), [`${UNKNOWN}, did you mean "acme"?`]);
  assert.deepEqual(warnings([apiKey()], allow({ consumers: "somebody" })), [UNKNOWN]);
  assert.deepEqual(warnings([apiKey()], allow({ consumers: "acme" })), []);
});

Deno.test("allow() of a consumer whom a policy may find out all the same is none", () => {
  const own = definePolicy({ name: "own", gives: ["identity"], handle: (_, next) => next() });
  for (
    const policy of [
      apiKey({ keys: { acne: B } }),
      apiKey({ file: secret.file("keys.txt") }),
      apiKey({ find: () => null }),
      anyOf([apiKey(), basicAuth({ verify: () => true })]),
      own,
      7,
    ]
  ) assert.deepEqual(warnings([policy]), []);
});
