import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import { secret } from "../../../src/core/secret.ts";
import { apiKey, apiKeyDefinition, type KeyHash } from "../../../src/policies/auth/api_key.ts";
import { type ApiKeyPlan, apiKeySchema } from "../../../src/policies/auth/api_key_schema.ts";

const A: KeyHash = `sha256:${"a".repeat(64)}`, B: KeyHash = `sha256:${"b".repeat(64)}`;

/** What there is to say of options; the policy stands on a route whose consumer has a key. */
function issues(options: unknown): string[] {
  const consumers = { acme: { keys: [`sha256:${"c".repeat(64)}`] } };
  const policies = [apiKey(options as never)];
  return validateConfig({ consumers, routes: [{ path: "/", respond: {}, policies }] }).issues
    .map(({ severity, path, message, remedy }) =>
      [severity, path.replace("routes[0].policies[0]", "·"), message, ...remedy === undefined ? [] : [remedy]].join(
        " | ",
      )
    );
}

const PLACES = '"header:x-api-key", "query:api_key" or "cookie:key"';

const WRONG: readonly (readonly [options: unknown, issue: string])[] = [
  [
    { in: "x-api-key" },
    `error | ·.in | this does not say whether it is a header, a parameter or a cookie | "header:x-api-key"`,
  ],
  [{ in: "heder:x" }, 'error | ·.in | a key is in a header, in the query or in a cookie | "header:x"'],
  [{ in: "body:x" }, `error | ·.in | a key is in a header, in the query or in a cookie | ${PLACES}`],
  [{ in: "header:a b" }, `error | ·.in | this is no name of a header | ${PLACES}`],
  [{ in: "cookie:a=b" }, `error | ·.in | this is no name of a cookie | ${PLACES}`],
  [{ in: "query:" }, 'error | ·.in | the parameter has no name | "query:api_key"'],
  [{ in: "header:Cookie" }, 'error | ·.in | a cookie is named by its own name | "cookie:key"'],
  [
    { in: "header:Host" },
    'error | ·.in | host carries no key: it is a setting of the upstream: host | "header:x-api-key"',
  ],
  [{ in: ["header:A", "header:a"] }, "error | ·.in[1] | this place is here twice | each place once"],
  [{ in: [] }, "error | ·.in | at least one place is needed"],
  [
    { scheme: "Token" },
    'error | ·.scheme | no key is looked for in "header:authorization" | in: "header:authorization"',
  ],
  [
    { in: "header:authorization", scheme: "basic" },
    "error | ·.scheme | Basic carries a user and a password, and no key | basicAuth, or another scheme",
  ],
  [{ reload: "1s" }, "error | ·.reload | there is no file to read again | file"],
  [{ remember: "1s" }, "error | ·.remember | there is no find to remember of | find"],
  [{ timeout: "1s" }, "error | ·.timeout | there is no find to wait for | find"],
  [
    { consumers: false },
    "error | ·.consumers | there is no key left that could be good | keys, file or find, or nothing in its place",
  ],
  [{ keys: [] }, "error | ·.keys | at least one key is needed"],
  [{ keys: {} }, "error | ·.keys | at least one key is needed"],
  [{ keys: [A, { hash: A.toUpperCase() }] }, "error | ·.keys[1] | this key is here twice | each key once"],
  [{ keys: { acme: A, globex: [B, A] } }, "error | ·.keys.globex[1] | this key is here twice | each key once"],
  [
    { keys: [{ hash: A, expires: "soon" }] },
    'error | ·.keys[0].expires | expected a date such as "2030-01-31" or "2030-01-31T12:00:00Z"',
  ],
  [{ find: "key" }, "error | ·.find | expected a function"],
  [{ failures: { limit: 0, per: "1m" } }, "error | ·.failures.limit | expected a whole number from 1 to 1000000"],
  [
    { realm: 'a"' },
    'error | ·.realm | a realm has up to 64 plain characters, without quotes and backslashes | "orders"',
  ],
  [{ kepe: true }, 'error | ·.kepe | unknown key, did you mean "keep"? | keep'],
  [
    { in: ["header:x-api-key", "query:k"] },
    'warning | ·.in[1] | a key in the query ends up in the logs and histories of everybody who sees the URL | "header:x-api-key"',
  ],
];

Deno.test("apiKey() says what is wrong with its options", () => {
  for (const [options, issue] of WRONG) assert.deepEqual(issues(options), [issue], JSON.stringify(options));
});

Deno.test("apiKey() takes options that are right, and has defaults for the others", () => {
  for (const options of [undefined, {}, { keys: [A], failures: false }, { in: "cookie:k", keys: { acme: [A, B] } }]) {
    assert.deepEqual(issues(options), [], JSON.stringify(options));
  }
  const { keys, ...rest } = apiKeySchema.parse({}) as ApiKeyPlan;
  assert.equal(keys.size, 0);
  assert.deepEqual(rest, {
    in: ["header:x-api-key"],
    scheme: "Bearer",
    realm: "gateway",
    reload: 10_000,
    consumers: true,
    remember: 60_000,
    timeout: 5_000,
    failures: { limit: 100, per: 60_000 },
    keep: false,
  });
});

Deno.test("apiKey() says in routes where keys are and where they come from, and no hash", () => {
  const describe = (options: unknown) => apiKeyDefinition.describe!(apiKeySchema.parse(options));
  assert.equal(describe({}), "apiKey in header:x-api-key: the consumers' keys");
  const all = {
    in: ["header:a", "cookie:b"],
    keys: [A],
    file: secret.file("k"),
    consumers: true,
    find: () => null,
    keep: true,
  };
  assert.equal(describe(all), "apiKey in header:a or cookie:b: 1 key, a file, the consumers' keys, a function, kept");
});
