import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import type { Issue } from "../../../src/core/issue.ts";
import { secret } from "../../../src/core/secret.ts";
import { authority, serverCertificate } from "../../support/certificates.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { pair, pem } from "../../runtime/tls/setup.ts";

const { cert, key } = serverCertificate;

/** The files that configs here name; `null`: there is none. */
type Files = Readonly<Record<string, string | null>>;

const USUAL: Files = { cert, key, ca: authority, "b.cert": pair("other").cert, "b.key": pair("other").key };
const TLS = {
  cert: "cert",
  key: "key",
  certificates: [{ hosts: ["b.test"], cert: "b.cert", key: "b.key" }],
  clientCertificates: { ca: "ca" },
};

/** Issues of a config whose `listen` is this. */
function check(listen: unknown, files: Files = {}, withoutSecrets = false): readonly Issue[] {
  const all = { ...USUAL, ...files };
  const { config, issues } = validateConfig({ listen, admin: false, routes: [{ path: "/", respond: {} }] }, {
    secrets: ({ env, file }) => {
      const value = all[env ?? file] ?? null;
      return value === null ? { error: `there is no ${env ?? file}` } : { value };
    },
    clock: new FakeClock(),
    withoutSecrets,
  });
  assert.equal(config === null, issues.some(({ severity }) => severity === "error"));
  return issues;
}

const printed = (issues: readonly Issue[]) =>
  issues.map(({ severity, path, message }) => `${severity} ${path}: ${message}`);

const NOT_ITS_KEY = "this key is not the certificate's", NO_KEY = "there is no private key in PEM form";
const NO_CERTIFICATE = "there is no certificate in PEM form",
  UNFIT = "the runtime does not take this kind of private key";
const CASES: readonly (readonly [what: string, files: Files, issues: readonly string[]])[] = [
  ["what fits", {}, []],
  ["a key of another pair", { key: pair("other").key }, [`error listen.tls.key: ${NOT_ITS_KEY}`]],
  ["a certificate that is cut off", { cert: cert.slice(0, 300) }, ["error listen.tls.cert: a certificate is cut off"]],
  ["a key that is cut off", { key: key.slice(0, 100) }, ["error listen.tls.key: the private key cannot be read"]],
  ["an encrypted key", { "b.key": pem("encrypted.key") }, [
    "error listen.tls.certificates[0].key: the private key is encrypted",
  ]],
  ["a short RSA key", pair("rsa1024") as object as Files, [`error listen.tls.key: ${UNFIT}`]],
  ["a curve of coins", { "b.cert": pair("secp256k1").cert, "b.key": pair("secp256k1").key }, [
    `error listen.tls.certificates[0].key: ${UNFIT}`,
  ]],
  ["a certificate that has expired", pair("expired") as object as Files, [
    "warning listen.tls.cert: the certificate has expired",
  ]],
  ["an authority that has expired", { ca: pair("expired").cert }, [
    "warning listen.tls.clientCertificates.ca: the certificate has expired",
  ]],
  ["the two the wrong way round, each once", { cert: key, key: cert }, [
    `error listen.tls.cert: ${NO_CERTIFICATE}`,
    `error listen.tls.key: ${NO_KEY}`,
  ]],
  ["an authority that is a key", { ca: key }, [`error listen.tls.clientCertificates.ca: ${NO_CERTIFICATE}`]],
  ["what is missing, and what is wrong beside it", { cert: null, key: "s3cr3t", "b.cert": cert }, [
    "error listen.tls.cert: this file is missing: there is no cert",
    `error listen.tls.key: ${NO_KEY}`,
    `error listen.tls.certificates[0].key: ${NOT_ITS_KEY}`,
  ]],
];
for (const [what, files, expected] of CASES) {
  Deno.test(`checkSecrets() finds in a listener's TLS ${what}`, () => {
    const issues = check({ port: 443, tls: TLS }, files);
    assert.deepEqual(printed(issues), expected);
    for (const { seen = "", remedy = "" } of issues) {
      assert.ok(seen !== "" && remedy !== "", "what was seen and what to write instead is missing");
      for (const text of ["s3cr3t", key.split("\n")[1]]) assert.ok(!(seen + remedy).includes(text), "a key is shown");
    }
  });
}

Deno.test("checkSecrets() finds it whatever else is wrong with the listener, and names which", () => {
  const listen = [{ port: 1 }, { port: "x", tls: TLS }];
  assert.deepEqual(printed(check(listen, { "b.cert": cert.slice(0, 300) })), [
    "error listen[1].port: expected a whole number from 0 to 65535",
    "error listen[1].tls.certificates[0].cert: a certificate is cut off",
  ]);
});

Deno.test("checkSecrets() says once what two listeners have in common", () => {
  const other = { cert: secret.env("cert"), key: secret.file("b.key") };
  const listen = [{ port: 1, tls: TLS }, { port: 2, tls: TLS }, { port: 3, tls: other }];
  assert.deepEqual(printed(check(listen, pair("expired") as object as Files)), [
    "warning listen[0].tls.cert: the certificate has expired",
    `error listen[2].tls.key: ${NOT_ITS_KEY}`,
  ]);
  assert.deepEqual(printed(check(listen.slice(0, 2), { key: null })), [
    "error listen[0].tls.key: this file is missing: there is no key",
  ]);
});

Deno.test("checkSecrets() only warns of certificates that need not be there", () => {
  assert.deepEqual(printed(check({ port: 443, tls: TLS }, { cert: null, "b.cert": cert }, true)), [
    "warning listen.tls.cert: this file is missing: there is no cert",
    `warning listen.tls.certificates[0].key: ${NOT_ITS_KEY}`,
  ]);
});
