import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import { formatIssue } from "../../../src/core/issue.ts";
import { jwt } from "../../../src/policies/auth/jwt.ts";
import { jwtSchema } from "../../../src/policies/auth/jwt_schema.ts";
import { Signer } from "../../support/token_signer.ts";

const EC = await Signer.make("ES256"), P384 = await Signer.make("ES384");
const URL = "https://id.example/keys";

/** What is wrong with the options of a `jwt` on a route, as `check` prints it. */
function printed(options: object): string[] {
  const policy = jwt({ audience: "api", ...options } as Parameters<typeof jwt>[0]);
  const { issues } = validateConfig({ routes: [{ path: "/", methods: ["GET"], respond: {}, policies: [policy] }] });
  return issues.map(formatIssue);
}

const RSA_1024 = {
  kty: "RSA",
  n: "xjlCRBqkZx0XFyVMCVW6ZpUKGfSTSU9EwGfCgWSEnwR3aSKk5lnDrMsCJ0ErqV8Jr4bnHR3tHvWyfKB6iTjY0hVDGr9xUTxvDMz7hQcBCsJYKJ5OvRZJbLo" +
    "4eV6WWzVZWmFxCqmHi4oM0EI8FlJk0z3bC4aD0CIbjvbFQ3Yc0TU",
  e: "AQAB",
};

const REFUSED: readonly (readonly [at: string, options: object, message: RegExp, remedy?: string])[] = [
  ["audience", { audience: undefined, jwks: URL }, /this is missing: expected an audience/],
  ["audience", { audience: ["any", "api"], jwks: URL }, /takes every audience/, '"any" alone'],
  ["jwks", {}, /nothing says where the keys come from/],
  ["jwks", { jwks: "id.example" }, /is no http or https URL/],
  ["publicKey", { jwks: URL, publicKey: EC.pem }, /jwks says already where the keys come from/, "one of them"],
  ["secret", { keys: { keys: [EC.jwk] }, secret: { env: "KEY" } }, /keys says already/, "one of them"],
  ["algorithms", { jwks: URL, algorithms: "HS256" }, /signs with a secret, and these are public keys/],
  ["algorithms.1", { jwks: URL, algorithms: ["RS256", "HS512"] }, /signs with a secret/],
  [
    "algorithms",
    { secret: { env: "KEY" }, algorithms: "RS256" },
    /signs with a private key, and this is a secret/,
    '"HS256"',
  ],
  ["algorithms", { jwks: URL, algorithms: "none" }, /that nobody has signed/],
  ["algorithms", { jwks: URL, algorithms: "NONE" }, /that nobody has signed/],
  ["algorithms", { jwks: URL, algorithms: "es256" }, /expected one of HS256/, '"ES256"'],
  ["algorithms", { jwks: URL, algorithms: [] }, /at least one algorithm is needed/],
  ["algorithms.1", { jwks: URL, algorithms: ["ES256", "ES256"] }, /this algorithm is here twice/],
  ["issuer", { discovery: true }, /must know which/],
  ["issuer", { discovery: true, issuer: ["https://a", "https://b"] }, /must know which/],
  ["issuer", { discovery: true, issuer: "joe" }, /no URL under which a document/],
  ["issuer", { discovery: true, issuer: "https://id.example/?tenant=a" }, /no URL under which a document/],
  ["issuer", { discovery: true, issuer: "https://id.example/#a" }, /no URL under which a document/],
  ["discovery", { discovery: false, issuer: "https://a" }, /expected true, a URL, or/],
  ["provider", { secret: { env: "KEY" }, provider: {} }, /no keys are fetched here/, "jwks or discovery"],
  [
    "provider.maxStale",
    { jwks: URL, provider: { refresh: "1h", maxStale: "1h" } },
    /too old before others are fetched/,
  ],
  ["provider.cooldown", { jwks: URL, provider: { cooldown: "10ms" } }, /at least 1s/],
  ["encoding", { jwks: URL, encoding: "utf8" }, /there is no secret/, "secret"],
  ["in", { jwks: URL, in: "authorization" }, /no place of a request/],
  ["in", { jwks: URL, in: "header:cookie" }, /named by its own name/],
  ["in", { jwks: URL, in: "header:content-length" }, /carries no token/],
  ["in.1", { jwks: URL, in: ["cookie:a", "cookie:a"] }, /this place is here twice/],
  ['claims["x y"]', { jwks: URL, claims: { "x y": "sub" } }, /no name of a header/],
  ["claims.authorization", { jwks: URL, claims: { authorization: "sub" } }, /where clients put credentials/],
  ["claims.x-forwarded-for", { jwks: URL, claims: { "x-forwarded-for": "sub" } }, /cannot be written/],
  ["claims.X-A", { jwks: URL, claims: { "x-a": "sub", "X-A": "iss" } }, /header is here twice/],
  ["require.tier", { jwks: URL, require: { tier: [] } }, /at least one value is needed/],
  ["require.tier", { jwks: URL, require: { tier: "strng" } }, /"string"/],
  ["leeway", { jwks: URL, leeway: "11m" }, /at most 10m/],
  ["maxAge", { jwks: URL, maxAge: "0s" }, /longer than 0/],
  ["realm", { jwks: URL, realm: 'a"b' }, /without quotes/],
  ["cache.size", { jwks: URL, cache: { size: 1 } }, /from 2 to/],
  ["failures.per", { jwks: URL, failures: { limit: 1 } }, /this is missing/],
  ["aud", { jwks: URL, aud: "x" }, /unknown key/],
  ["publicKey", { publicKey: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" }, /neither PEM nor a JWK/],
  ["publicKey", { publicKey: P384.jwk }, /for none of the algorithms RS256/, 'algorithms: ["ES384"]'],
  [
    "publicKey",
    { publicKey: EC.jwk, algorithms: "RS256" },
    /for none of the algorithms RS256/,
    'algorithms: ["ES256"]',
  ],
  ["publicKey", { publicKey: { ...EC.jwk, alg: "ES384" } }, /for none of the algorithms/],
  ["publicKey", { publicKey: { ...EC.jwk, use: "enc" } }, /not for checking signatures/],
  ["publicKey", { publicKey: { ...EC.jwk, key_ops: ["sign"] } }, /not for checking signatures/],
  ["publicKey", { publicKey: { ...EC.jwk, x: "AAAA" } }, /point of this P-256 key has another length/],
  ["publicKey", { publicKey: { ...EC.jwk, y: EC.jwk.x } }, /the numbers in this key are no key/],
  ["publicKey", { publicKey: { kty: "EC", crv: "secp256k1", x: "AA", y: "AA" } }, /no key that is known here/],
  ["publicKey", { publicKey: RSA_1024 }, /this RSA key has 102\d bits: expected 2048/],
  ["publicKey", { publicKey: { kty: "RSA", n: "A".repeat(342) + "E", e: "AQAB" } }, /bits: expected 2048/],
  ["publicKey", { publicKey: { kty: "RSA", n: "_".repeat(342), e: "AQ" } }, /the exponent of this RSA key is none/],
  ["publicKey", { publicKey: { kty: "oct", k: "AAAA" } }, /this key can sign/],
  ["keys", { keys: { keys: [] } }, /no JWKS with keys in it/],
  ["keys", { keys: { keys: [EC.jwk, P384.jwk] } }, /keys\[1\]: this key is for none/],
];

Deno.test("jwt() options: what check refuses, where, and what to write instead", () => {
  for (const [at, options, message, remedy] of REFUSED) {
    const what = `${at}: ${JSON.stringify(options)}`;
    const issues = printed(options).filter((text) => text.startsWith("error"));
    assert.equal(issues.length, 1, `${what}\n${issues.join("\n")}`);
    assert.ok(issues[0].includes(`policies[0].${at}:`.replace(/\.(\d+):/, "[$1]:")), `${what}\n${issues[0]}`);
    assert.match(issues[0], message, what);
    if (remedy !== undefined) assert.ok(issues[0].includes(remedy), `${what}\n${issues[0]}`);
  }
});

Deno.test("jwt() options: a key that can sign is not printed", async () => {
  const { privateJwk } = EC, { d } = privateJwk;
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]) as CryptoKeyPair;
  const der = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)).toBase64();
  const pem = `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----`;
  const cases = [
    { publicKey: privateJwk },
    { keys: { keys: [privateJwk] } },
    { publicKey: JSON.stringify(privateJwk) },
    { publicKey: pem },
    { secret: "a secret that stands in the config itself" },
    { secret: ["a secret that stands in the config itself"] },
  ];
  for (const options of cases) {
    const text = printed(options).join("\n");
    assert.match(text, /error/);
    for (const part of [d!, der, "a secret that stands"]) assert.ok(!text.includes(part), text);
  }
});

Deno.test("jwt() options: what check warns of", () => {
  const cases: [options: object, warning: RegExp | null][] = [
    [{ issuer: "a", jwks: URL }, null],
    [{ issuer: "a", jwks: "http://127.0.0.1:8080/keys" }, null],
    [{ issuer: "a", jwks: "http://localhost/keys" }, null],
    [{ issuer: "a", jwks: "http://id.example/keys" }, /policies\[0\]\.jwks: who is on the way there/],
    [{ issuer: "http://id.example", discovery: true }, /policies\[0\]\.discovery: who is on the way there/],
    [{ jwks: URL }, /the tokens of every issuer are good/],
    [{ issuer: "a", jwks: URL, in: "query:t" }, /policies\[0\]\.in: a token in the query/],
    [{ issuer: "a", jwks: URL, in: ["cookie:a", "query:t"] }, /policies\[0\]\.in\[1\]: a token in the query/],
    [{ publicKey: EC.pem }, null],
  ];
  for (const [options, warning] of cases) {
    const text = printed(options).join("\n");
    if (warning === null) assert.equal(text, "");
    else assert.match(text, warning);
  }
});

Deno.test("jwt() options: the defaults", () => {
  const plan = jwtSchema.parse({ audience: "any", issuer: "https://id.example", discovery: true });
  assert.deepEqual(plan, {
    issuer: ["https://id.example"],
    audience: "any",
    algorithms: ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"],
    encoding: "utf8",
    provider: {
      jwks: null,
      discovery: {
        to: "https://id.example",
        upstream: null,
        scheme: "https",
        authority: "id.example",
        path: "/.well-known/openid-configuration",
        query: "",
      },
      issuer: "https://id.example",
      refresh: 600_000,
      cooldown: 30_000,
      maxStale: 86_400_000,
      timeout: 5_000,
    },
    in: ["header:authorization"],
    leeway: 30_000,
    allowUnexpiring: false,
    require: [],
    sent: [],
    groups: ["groups"],
    keep: true,
    realm: "gateway",
    cache: { size: 10_000, ttl: 300_000 },
    failures: { limit: 100, per: 60_000 },
  });
  assert.deepEqual(jwtSchema.parse({ audience: ["a"], secret: { env: "K" } }).algorithms, ["HS256"]);
  assert.equal(jwtSchema.parse({ audience: "a", secret: { env: "K" }, failures: false }).failures, null);
});

Deno.test("jwt() options: what check says of secrets that are no keys for them, without showing them", () => {
  const secret = { env: "S" }, json = (jwk: object) => JSON.stringify(jwk);
  const cases: [options: object, value: string, message: RegExp | null][] = [
    [{ secret }, "x".repeat(32), null],
    [{ secret: [secret] }, "s3cr3t", /\.secret\[0\]: this has 6 bytes, and HS256 needs 32/],
    [{ secret, encoding: "base64url" }, "s3cr3t!", /\.secret: this is not base64url/],
    [{ publicKey: secret }, EC.pem, null],
    [{ publicKey: secret }, "s3cr3t", /\.publicKey: this is neither PEM nor a JWK/],
    [{ publicKey: secret }, json(EC.privateJwk), /\.publicKey: this key can sign/],
    [{ publicKey: secret, algorithms: "RS256" }, EC.pem, /\.publicKey: this key is for none of the algorithms RS256/],
    [{ keys: secret }, json({ keys: [EC.jwk] }), null],
    [{ keys: secret }, json(EC.jwk), /\.keys: this is no JWKS with keys in it/],
  ];
  for (const [options, value, message] of cases) {
    const policies = [jwt({ audience: "api", ...options } as Parameters<typeof jwt>[0])];
    const config = { routes: [{ path: "/", methods: ["GET"], respond: {}, policies }] };
    const { issues } = validateConfig(config, { secrets: () => ({ value }) });
    const text = issues.map(formatIssue).join("\n");
    if (message === null) assert.equal(text, "");
    else assert.match(text, message);
    for (const part of [EC.privateJwk.d!, "s3cr3t"]) assert.ok(!text.includes(part), text);
  }
});

Deno.test("jwt() needs the upstream that its keys come over, and gives every claim", () => {
  const facts = (jwks: unknown) => {
    const { issues } = validateConfig({
      upstreams: { id: "https://id.example" },
      routes: [{
        path: "/",
        methods: ["GET"],
        respond: {},
        policies: [jwt({ audience: "a", issuer: "b", jwks: jwks as "https://a" })],
      }],
    });
    return issues.filter(({ severity }) => severity === "error").map(({ message }) => message);
  };
  assert.deepEqual(facts({ upstream: "id", path: "/keys" }), []);
  assert.match(facts({ upstream: "idp", path: "/keys" })[0], /jwt calls upstream "idp", but upstreams has none/);
});
