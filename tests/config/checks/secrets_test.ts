import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import { secret } from "../../../src/core/secret.ts";
import { headers } from "../../../src/policies/shape/headers.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----";
const KEY = "-----BEGIN EC PRIVATE KEY-----\nMA==\n-----END EC PRIVATE KEY-----";

function check(config: object, values: Readonly<Record<string, string>>) {
  const { issues } = validateConfig({ routes: [{ path: "/", upstream: "https://a" }], ...config }, {
    secrets: ({ env, file }) => {
      const value = values[env ?? file ?? ""];
      return value === undefined ? { error: "it is not there" } : { value };
    },
  });
  return issues.filter(({ message }) => !message.startsWith("nothing uses this upstream"));
}

const admin = { admin: { token: secret.env("S") } };
const field = { policies: [headers({ response: { set: { "x-a": secret.env("S") } } })] };
const tls = (name: "ca" | "cert" | "key") => ({
  upstreams: {
    a: { endpoints: ["https://a"], tls: { cert: "cert", key: secret.env("key"), [name]: secret.env("S") } },
  },
});

const TOKEN = "admin.token: this secret is empty or has white space in it";
const FIELD = "policies[0].response.set.x-a: the value of this secret cannot stand in a header field: " +
  "it has a line break, another control character or outer white space";
const noCertificate = (name: string) => `upstreams.a.tls.${name}: this secret holds no certificate in PEM form`;

const CASES: readonly (readonly [use: string, config: object, value: string, issue: string | null])[] = [
  ["an admin token", admin, "s3cr3t", null],
  ["an empty admin token", admin, "", TOKEN],
  ["an admin token with white space", admin, "s3cr3t two", TOKEN],
  ["an admin token with a line break", admin, "s3cr3t\n", TOKEN],
  ["a field", field, "Bearer s3cr3t ü ✓", null],
  ["an empty field", field, "", null],
  ["a field with a line break", field, "s3cr3t\r\nx: y", FIELD],
  ["a field with outer white space", field, "s3cr3t ", FIELD],
  ["an authority", tls("ca"), CERTIFICATE, null],
  ["an authority that is no PEM", tls("ca"), "s3cr3t", noCertificate("ca")],
  ["an authority that is a key", tls("ca"), KEY, noCertificate("ca")],
  ["a certificate that is empty", tls("cert"), "", noCertificate("cert")],
  ["a private key", tls("key"), KEY, null],
  [
    "a private key that is no PEM",
    tls("key"),
    "s3cr3t",
    "upstreams.a.tls.key: this secret holds no private key in PEM form",
  ],
  [
    "a private key that is a certificate",
    tls("key"),
    CERTIFICATE,
    "upstreams.a.tls.key: this secret holds no private key in PEM form",
  ],
];
for (const [use, config, value, issue] of CASES) {
  Deno.test(`checkSecrets() judges ${use}, without showing it`, () => {
    const issues = check(config, { S: value, cert: CERTIFICATE, key: KEY });
    assert.deepEqual(issues.map(({ path, message }) => `${path}: ${message}`), issue === null ? [] : [issue]);
    assert.ok(!JSON.stringify(issues).includes("s3cr3t"), "the value is shown");
    for (const { seen, remedy } of issues) assert.ok(seen === 'secret.env("S")' && remedy !== undefined);
  });
}

Deno.test("checkSecrets() judges a secret by each of its uses, and says each thing once", () => {
  const issues = check({
    ...admin,
    policies: [headers({ request: { set: { a: secret.env("S"), b: secret.env("S") } } })],
  }, { S: "a b\n" });
  assert.deepEqual(issues.map(({ path }) => path), ["admin.token", "policies[0].request.set.a"]);
});

Deno.test("checkSecrets() finds missing secrets beside wrong options", () => {
  const { issues } = validateConfig({
    routes: [{
      path: "/",
      respond: {},
      policies: [
        headers({
          request: { set: { a: secret.env("A"), b: "{nokey}" }, remove: ["connection", "c"] },
          response: { append: { d: secret.env("D") }, remov: [] } as object,
        }),
      ],
    }],
  }, { secrets: ({ env }) => ({ error: `${env} is not there` }) });
  assert.deepEqual(issues.map(({ path, message }) => `${path.slice(22)}: ${message}`), [
    "request.set.a: this secret is missing: A is not there",
    'request.set.b: "{nokey}" is not a key',
    "request.remove[0]: connection cannot be changed on the request: it ends at this hop: neither side's is passed on to the other",
    "response.append.d: this secret is missing: D is not there",
    'response.remov: unknown key, did you mean "remove"?',
  ]);
});
