import { strict as assert } from "node:assert";
import { secret } from "../../../src/core/secret.ts";
import { hmacSchema } from "../../../src/policies/auth/hmac_schema.ts";

const KEYS = { k: { secret: secret.env("KEY") } };
const ED25519 =
  "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----";

const REFUSED: readonly (readonly [at: string, options: unknown, message: RegExp, remedy?: string])[] = [
  ["", undefined, /expected settings such as \{ keys: /],
  ["", { keys: KEYS, key: 1 }, /key/],
  ["keys", {}, /expected keys by their ids/],
  ["keys", { keys: {} }, /at least one key is needed/],
  ["keys", { keys: [] }, /expected keys by their ids/],
  ["keys.\u00e9", { keys: { "\u00e9": KEYS.k } }, /plain ASCII/],
  ["keys.k", { keys: { k: "abc" } }, /expected a key: \{ secret \} or \{ publicKey, algorithm \}/],
  ["keys.k.secret", { keys: { k: { secret: "abc" } } }, /./],
  ["keys.k.encoding", { keys: { k: { ...KEYS.k, encoding: "base32" } } }, /expected "utf8", "base64"/, '"base64"'],
  ["keys.k.algorithm", { keys: { k: { ...KEYS.k, algorithm: "sha1" } } }, /expected "hmac-sha256"/],
  ["keys.k.consumer", { keys: { k: { ...KEYS.k, consumer: "a b" } } }, /a consumer's name/],
  ["keys.k.algorithm", { keys: { k: { publicKey: ED25519 } } }, /this is missing: expected "ed25519"/],
  ["keys.k.algorithm", { keys: { k: { publicKey: ED25519, algorithm: "none" } } }, /expected "ed25519"/],
  ["keys.k.publicKey", { keys: { k: { publicKey: "abc", algorithm: "ed25519" } } }, /no public key in PEM form/],
  ["keys.k.publicKey", { keys: { k: { publicKey: ED25519, algorithm: "rsa-pss-sha512" } } }, /needs an RSA key/],
  [
    "keys.k.publicKey",
    { keys: { k: { publicKey: "-----BEGIN PRIVATE KEY-----", algorithm: "ed25519" } } },
    /this is a private key/,
  ],
  ["components", { keys: KEYS, components: [] }, /at least one component is needed/],
  ["components.0", { keys: KEYS, components: ["@methods"] }, /components are fields and @method/, '"@method"'],
  ["components.0", { keys: KEYS, components: ["@query-param"] }, /components are fields and @method/],
  ["components.0", { keys: KEYS, components: ["@status"] }, /components are fields and @method/],
  ["components.0", { keys: KEYS, components: ["Date"] }, /in lower case/, '"date"'],
  ["components.0", { keys: KEYS, components: ["a b"] }, /in lower case/],
  ["window", { keys: KEYS, window: "0s" }, /longer than 0/],
  ["window", { keys: KEYS, window: "10ms" }, /at least 1s/, '"1s"'],
  ["window", { keys: KEYS, window: "2h" }, /at most 1h/, '"1h"'],
  ["label", { keys: KEYS, label: "Sig" }, /a label has/, '"sig1"'],
  ["tag", { keys: KEYS, tag: "\u00e9" }, /plain ASCII/],
  ["replays", { keys: KEYS, replays: false }, /expected "refuse" or "pass"/],
  ["maxRemembered", { keys: KEYS, maxRemembered: 0 }, /from 1 to 10000000/],
  ["maxBody", { keys: KEYS, maxBody: "2GiB" }, /1GiB/],
  ["scheme", { keys: KEYS, scheme: "ftp" }, /expected "http" or "https"/],
  ["realm", { keys: KEYS, realm: 'a"b' }, /a realm has/],
  ["failures", { keys: KEYS, failures: true }, /or false/],
  ["failures.limit", { keys: KEYS, failures: { limit: 0, per: "1m" } }, /from 1 to/],
  ["keep", { keys: KEYS, keep: "yes" }, /expected true or false/, "true"],
];

Deno.test("hmac() options: what check refuses, where, and what to write instead", () => {
  for (const [at, options, message, remedy] of REFUSED) {
    const { error } = hmacSchema.safeParse(options), what = `${at} of ${JSON.stringify(options)}`;
    assert.ok(error, what);
    const found = error.issues.flatMap((issue) => leaves(issue)).filter(({ path }) => path.join(".") === at);
    assert.ok(found.some((one) => message.test(one.message)), `${what}: ${JSON.stringify(error.issues)}`);
    if (remedy !== undefined) assert.ok(found.some(({ params }) => params?.remedy === remedy), what);
  }
});

Deno.test("hmac() options: the defaults, and what check lets through", () => {
  assert.deepEqual(hmacSchema.parse({ keys: KEYS }), {
    keys: { k: { secret: KEYS.k.secret, encoding: "utf8" } },
    components: ["@method", "@authority", "@path", "@query"],
    window: 300_000,
    replays: "refuse",
    maxRemembered: 1_000_000,
    maxBody: 1024 * 1024,
    realm: "gateway",
    failures: { limit: 100, per: 60_000 },
    keep: false,
  });
  const plan = hmacSchema.parse({
    keys: {
      "a key": { secret: { env: "KEY" }, algorithm: "hmac-sha256", encoding: "hex", consumer: "a", groups: ["b"] },
      pem: { publicKey: ED25519, algorithm: "ed25519" },
      file: { publicKey: secret.file("./key.pem"), algorithm: "ecdsa-p384-sha384" },
    },
    components: ["@target-uri", "x-a"],
    failures: false,
  });
  assert.deepEqual(Object.keys(plan.keys), ["a key", "pem", "file"]);
  assert.equal(plan.failures, null);
});

interface Found {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly params?: { readonly remedy?: string };
}

/** An issue, and those of the shapes that were tried. */
function leaves(issue: unknown, under: readonly PropertyKey[] = []): Found[] {
  const { errors = [], issues = [], path, ...rest } = issue as Found & {
    readonly errors?: readonly (readonly unknown[])[];
    readonly issues?: readonly unknown[];
  };
  const at = [...under, ...path];
  return [{ ...rest, path: at }, ...[...errors.flat(), ...issues].flatMap((one) => leaves(one, at))];
}
