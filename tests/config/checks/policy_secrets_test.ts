import { strict as assert } from "node:assert";
import { apiKey, basicAuth, jwt, optional, secret } from "gatewright";
import { validateConfig } from "../../../src/config/validate.ts";

const VALUE = secret.env("VALUE");
const token = (keys: object) => jwt({ issuer: "https://id.example", audience: "api", ...keys } as never);
const SHORT = "do-not-print-me";
const HASH = "$2b$10$abcdefghijklmnopqrstuuIhKGGNjiUZK6JhsWFUYjF0cXUCLsWQS";

/** Each use of a secret: a value that fits, one that does not, and what is said of the latter. */
const ROWS: readonly (readonly [what: string, policy: unknown, at: string, good: string, bad: string, says: RegExp])[] =
  [
    [
      "jwt: a shared secret",
      token({ secret: VALUE }),
      "secret",
      "x".repeat(32),
      SHORT,
      /^this has 15 bytes, and HS256 needs 32$/,
    ],
    ["jwt: one of several", token({ secret: [VALUE] }), "secret[0]", "x".repeat(32), SHORT, /^this has 15 bytes/],
    [
      "jwt: a public key",
      token({ publicKey: VALUE }),
      "publicKey",
      '{"kty":"OKP","crv":"Ed25519","x":"9EARS6PFNwJdjJl7Zvucc4fT-IExCZclbez_VHfvNU4"}',
      SHORT,
      /./,
    ],
    [
      "jwt: a set of keys",
      token({ keys: VALUE }),
      "keys",
      '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"9EARS6PFNwJdjJl7Zvucc4fT-IExCZclbez_VHfvNU4"}]}',
      SHORT,
      /./,
    ],
    [
      "apiKey: a file",
      apiKey({ file: VALUE }),
      "file",
      `sha256:${"ab".repeat(32)} acme\n`,
      SHORT,
      /^this file of keys is wrong/,
    ],
    ["basicAuth: a file", basicAuth({ file: VALUE }), "file", `alice:${HASH}\n`, SHORT, /^this file of users is wrong/],
    ["basicAuth: a user's hash", basicAuth({ users: { alice: VALUE } }), "users.alice", HASH, SHORT, /./],
    [
      "what stands in another policy",
      optional(token({ secret: VALUE })),
      "optional.secret",
      "x".repeat(32),
      SHORT,
      /^this has 15 bytes/,
    ],
  ];

const issues = (policy: unknown, value: string) =>
  validateConfig({ routes: [{ path: "/a", respond: {}, policies: [policy] }] }, { secrets: () => ({ value }) }).issues
    .filter(({ severity }) => severity === "error");

for (const [what, policy, at, good, bad, says] of ROWS) {
  Deno.test(`secrets of policies: ${what}`, () => {
    assert.deepEqual(issues(policy, good), []);
    const [issue, ...others] = issues(policy, bad);
    assert.equal(issue.path, `routes[0].policies[0].${at}`);
    assert.match(issue.message, says);
    assert.ok(!JSON.stringify(issue).includes(SHORT), "the secret is printed");
    assert.deepEqual(others, []);
  });
}
