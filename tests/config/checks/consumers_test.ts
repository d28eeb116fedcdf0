import { strict as assert } from "node:assert";
import { loadConfig } from "../../../src/config/load_config.ts";
import { redact } from "../../../src/config/redact.ts";
import { validateConfig } from "../../../src/config/validate.ts";
import { formatIssue } from "../../../src/core/issue.ts";
import { secret } from "../../../src/core/secret.ts";
import { apiKey, type KeyHash } from "../../../src/policies/auth/api_key.ts";
import { headers } from "../../../src/policies/shape/headers.ts";
import { rateLimit } from "../../../src/policies/traffic/rate_limit.ts";
import { TempDir } from "../../support/temp_dir.ts";

const A: KeyHash = `sha256:${"a".repeat(64)}`, B: KeyHash = `sha256:${"b".repeat(64)}`;
const HASH = `$2b$10$${"p".repeat(53)}`;
const limit = rateLimit({ limit: 1, per: "1s", key: "consumer" });

/** Consumers that are right, with what leads to them. */
const found = { acme: { keys: [A] } };

function messages(consumers: unknown, policies: readonly unknown[] = [apiKey()]): string[] {
  const config = { consumers, policies, routes: [{ path: "/a", respond: {} }] };
  return validateConfig(config).issues.map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
}

const taken = (what: string, path: string) => `this ${what} is ${path} already, and leads to one consumer only`;

const RULES: readonly (readonly [what: string, consumers: unknown, issues: readonly string[], policies?: unknown[]])[] =
  [
    ["a right one", {
      acme: {
        groups: ["gold"],
        keys: [A],
        subjects: ["a|1", { issuer: "i", subject: "a|1" }],
        users: { acme: HASH },
        certificates: [{ subject: "CN=acme" }, { altName: "DNS:acme.test" }],
        policies: [limit, headers({ request: { set: { "x-consumer": "{consumer}", "x-id": "{identity}" } } })],
      },
    }, []],
    ["a key of two consumers, in another case", { acme: { keys: [A] }, globex: { keys: [A.toUpperCase()] } }, [
      `error consumers.globex.keys[0]: ${taken("key", "consumers.acme.keys[0]")}`,
    ]],
    ["a key twice", { acme: { keys: [A, A] } }, [
      `error consumers.acme.keys[1]: ${taken("key", "consumers.acme.keys[0]")}`,
    ]],
    ["a subject of two consumers", {
      acme: { keys: [A], subjects: ["x", { issuer: "i", subject: "x" }] },
      globex: { subjects: [{ issuer: "i", subject: "x" }, { issuer: "j", subject: "x" }] },
    }, [`error consumers.globex.subjects[0]: ${taken("subject", "consumers.acme.subjects[1]")}`]],
    ["a user of two consumers, composed in two ways", {
      acme: { keys: [A], users: { "\u00e9": HASH } },
      globex: { users: { "e\u0301": HASH } },
    }, [`error consumers.globex.users["\u00e9"]: ${taken("user", 'consumers.acme.users["\u00e9"]')}`]],
    ["a certificate of two consumers", {
      acme: { keys: [A], certificates: [{ altName: "acme.test" }] },
      globex: { certificates: [{ altName: "DNS:ACME.test" }] },
    }, [`error consumers.globex.certificates[0]: ${taken("certificate", "consumers.acme.certificates[0]")}`]],
    ["one that nothing leads to", { acme: { keys: [A] }, globex: { groups: ["x"] } }, [
      "warning consumers.globex: nothing leads to this consumer: it has no credentials, and no identity policy names it",
    ]],
    ["one that a key of a policy leads to", { globex: {} }, [], [apiKey({ keys: { globex: A } })]],
    ["one that a file may lead to", { globex: {} }, [], [apiKey({ file: secret.file("keys.txt") })]],
    ["one that a function may lead to", { globex: {} }, [], [apiKey({ find: () => null })]],
    ["some without anything that asks", found, [
      "warning consumers: no policy finds out who is asking, so that no request is a consumer's",
    ], []],
    ["keys of nobody's", { acme: { subjects: ["x"] } }, [
      "error policies[0]: no key would be good here: no consumer has one, and there are no others",
    ]],
    ["no consumers at all", undefined, [
      "error policies[0]: no key would be good here: no consumer has one, and there are no others",
    ]],
    ["a policy that asks who it is", { acme: { keys: [A], policies: [apiKey({ keys: [B] })] } }, [
      "error consumers.acme.policies[0]: apiKey asks who it is, which is known: a consumer's policies run behind that",
    ]],
    ["a policy that reads the path", {
      acme: { keys: [A], policies: [headers({ request: { set: { "x-id": "{param:id}", "x-sub": "{jwt:sub}" } } })] },
    }, [
      "error consumers.acme.policies[0]: headers reads param:id, but the policies of consumers run on every path",
      "error consumers.acme.policies[0]: headers reads jwt:sub, but no jwt() that provides it comes before",
    ]],
    ["a store that is not there", {
      acme: { keys: [A], policies: [rateLimit({ limit: 1, per: "1s", store: "none" })] },
    }, ['error consumers.acme.policies[0].store: rateLimit uses store "none", but stores has none of this name']],
    ["a policy that was not called", { acme: { keys: [A], policies: [headers] } }, [
      "error consumers.acme.policies[0]: this is a function that makes a policy, not a policy",
    ]],
    ["a name that is none", { "a b": { keys: [A] } }, [
      'error consumers["a b"]: a consumer\'s name is up to 64 letters, digits, dots, dashes, underscores and @, and begins with a letter or digit',
    ]],
    ["certificates by nothing, by two things and by many", {
      acme: {
        keys: [A],
        certificates: [{}, { subject: "CN=a", altName: "b" }, { altName: "*.a" }, { fingerprint: "AB" }, {
          subject: "a",
        }],
      },
    }, [
      "error consumers.acme.certificates[0]: a certificate is named by its subject, its fingerprint or one of its alternative names",
      "error consumers.acme.certificates[1].altName: a certificate is named by its subject, its fingerprint or one of its alternative names",
      "error consumers.acme.certificates[2].altName: one whole name tells a consumer from others",
      "error consumers.acme.certificates[3].fingerprint: a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits",
      "error consumers.acme.certificates[4].subject: a distinguished name has parts with =",
    ]],
    ["a list", [{ keys: [A] }], ["error consumers: expected consumers by name"], []],
  ];

for (const [what, consumers, issues, policies] of RULES) {
  Deno.test(`check on consumers: ${what}`, () => assert.deepEqual(messages(consumers, policies), issues));
}

Deno.test("rateLimit by consumer stands behind what finds it out, and not before", () => {
  const missing = "error policies[0]: rateLimit reads consumer, but no policy before it provides that";
  assert.deepEqual(messages(found, [apiKey(), limit]), []);
  assert.deepEqual(messages(found, [limit, apiKey()]), [missing]);
  assert.deepEqual(messages(undefined, [limit]), [missing]);
});

Deno.test("check never shows what stands in the place of a hash", () => {
  const SECRET = "gw_5ecr3t";
  const wrong: unknown[] = [
    SECRET,
    [SECRET],
    { a: SECRET },
    { keys: SECRET },
    { keys: [SECRET] },
    { keys: { a: SECRET } },
    { keys: [{ hash: SECRET }] },
    { keys: [[SECRET]] },
    { users: SECRET },
    { users: { a: SECRET } },
    { users: { a: [SECRET] } },
    { users: [SECRET] },
    { keys: [`sha256:${SECRET}`] },
    { key: SECRET },
  ];
  for (const value of wrong) {
    const consumer = { consumers: { acme: value }, routes: [{ path: "/a", respond: {} }] };
    const all = { consumers: value, routes: [{ path: "/a", respond: {} }] };
    const policy = { routes: [{ path: "/a", respond: {}, policies: [apiKey(value as never)] }] };
    for (const config of [consumer, all, policy]) {
      const issues = validateConfig(config).issues.filter(({ severity }) => severity === "error").map(formatIssue);
      assert.ok(issues.length > 0);
      assert.ok(!issues.join().includes(SECRET), issues.join());
    }
  }
});

Deno.test("check shows no key that stands in the place of a name", () => {
  const KEY = "gw_WbD0ZkYyA2nUTWbJcuMNXq6aBmiZJk6sCQSG7XFFQ0s";
  const wrong: unknown[] = [
    { routes: [{ path: "/a", respond: {}, policies: [apiKey({ keys: { [KEY]: "acme" } } as never)] }] },
    { routes: [{ path: "/a", respond: {}, policies: [apiKey({ keys: [{ [KEY]: "acme" }] } as never)] }] },
    { consumers: { acme: { [KEY]: 1 } }, routes: [{ path: "/a", respond: {} }] },
    { consumers: { [KEY]: "acme" }, routes: [{ path: "/a", respond: {} }] },
  ];
  for (const config of wrong) {
    const text = validateConfig(config).issues.map(formatIssue).join();
    assert.ok(text.includes('["gw_…"]') && !text.includes(KEY), text);
  }
});

Deno.test("what prints a config prints no hashes", () => {
  const config = { consumers: { acme: { keys: [A], users: { acme: HASH, b: `{SHA256}${"q".repeat(43)}=` } } } };
  assert.deepEqual(redact(config), {
    consumers: { acme: { keys: ["sha256:…"], users: { acme: "$2b$…", b: "{SHA256}…" } } },
  });
  const { config: valid } = validateConfig({ routes: [{ path: "/", respond: {}, policies: [apiKey({ keys: [A] })] }] });
  assert.ok(!JSON.stringify(redact(valid)).includes("aaaa"));
});

Deno.test("consumers are written in YAML, with their policies by name", async () => {
  await using dir = await TempDir.make({
    "gateway.yaml": `
consumers:
  acme:
    keys: ["${A}"]
    policies: [{ rateLimit: { limit: 5, per: 1s, key: consumer } }, { haeders: {} }]
  globex: 5
policies: [apiKey]
routes: [{ path: /, respond: {} }]
`,
  });
  const loaded = await loadConfig(dir.join("gateway.yaml"));
  assert.ok("value" in loaded);
  const { issues } = validateConfig(loaded.value, loaded);
  assert.deepEqual(issues.map(({ path, line, message }) => [path, line, message]), [
    ["consumers.acme.policies[1]", 5, 'there is no policy "haeders", did you mean "headers"?'],
    ["consumers.globex", 6, 'expected a consumer such as { keys: ["sha256:…"] }'],
  ]);
});

Deno.test("a file of keys is checked before the start", () => {
  const config = { routes: [{ path: "/", respond: {}, policies: [apiKey({ file: secret.file("keys.txt") })] }] };
  const rows = [
    [`${A} acme\ngw_plain`, "line 2: this looks like a key, not a hash: whoever reads the config could use it"],
    ["\n", "it is empty"],
  ];
  for (const [value, error] of rows) {
    const { issues } = validateConfig(config, { secrets: () => ({ value }) });
    assert.deepEqual(issues.map(({ path, message }) => [path, message]), [[
      "routes[0].policies[0].file",
      `this file of keys is wrong: ${error}`,
    ]]);
  }
});
