import { strict as assert } from "node:assert";
import { authorityFaults, certificateName, pairFaults } from "../../../src/config/certificates/certificate_faults.ts";
import { type Finding, pathText } from "../../../src/config/finding.ts";
import { authority, serverCertificate } from "../../support/certificates.ts";
import { pair, pem } from "../../runtime/tls/setup.ts";

const NOW = Date.UTC(2026, 0, 1);
const { cert, key } = serverCertificate;

function printed({ severity = "error", at, message }: Finding): string {
  return `${severity} ${pathText(at)}: ${message}`;
}

for (
  const [title, given, expected] of [
    ["a pair that fits", { cert, key }, []],
    ["a chain", { cert: `${cert}\n${authority}`, key }, []],
    ["text around the certificate", { cert: `subject=/CN=server.test\n${cert}`, key }, []],
    ["the other's key", { cert, key: pair("other").key }, ["error t.key: this key is not the certificate's"]],
    ["junk", { cert: "junk", key: "junk" }, [
      "error t.cert: there is no certificate in PEM form",
      "error t.key: there is no private key in PEM form",
    ]],
    ["nothing", { cert: "", key: "" }, [
      "error t.cert: there is no certificate in PEM form",
      "error t.key: there is no private key in PEM form",
    ]],
    ["the two the wrong way round", { cert: key, key: cert }, [
      "error t.cert: there is no certificate in PEM form",
      "error t.key: there is no private key in PEM form",
    ]],
    ["half a certificate", { cert: cert.slice(0, 300), key }, ["error t.cert: a certificate is cut off"]],
    ["half an intermediate one", { cert: cert + authority.slice(0, 300), key }, [
      "error t.cert: a certificate is cut off",
    ]],
    ["half a key", { cert, key: key.slice(0, 100) }, ["error t.key: the private key cannot be read"]],
    ["PEM around junk", { cert: cert.replace(/\nMI/, "\nAA"), key }, ["error t.cert: the certificate cannot be read"]],
    ["junk behind the certificate", { cert: cert + authority.replace(/\nMI/, "\nAA"), key }, [
      "error t.cert: certificate 2 of 2 cannot be read",
    ]],
    ["a key with a passphrase", { ...pair("other"), key: pem("encrypted.key") }, [
      "error t.key: the private key is encrypted",
    ]],
    ["a short RSA key", pair("rsa1024"), ["error t.key: the runtime does not take this kind of private key"]],
    ["a curve of coins", pair("secp256k1"), ["error t.key: the runtime does not take this kind of private key"]],
    ["a certificate that has expired", pair("expired"), ["warning t.cert: the certificate has expired"]],
  ] as const
) {
  Deno.test(`pairFaults(): ${title}`, () => {
    const faults = pairFaults(given, ["t"], NOW);
    assert.deepEqual(faults.map(printed), expected);
    for (const { seen = "", remedy = "" } of faults) {
      assert.ok(seen !== "" && remedy !== "", "what was seen and what to write instead is missing");
      const secret = given.key.split("\n")[1];
      assert.ok(!secret || !(seen + remedy).includes(secret), "the key is shown");
    }
  });
}

Deno.test("pairFaults() warns of a certificate that is not valid yet", () => {
  const [{ severity, message, seen }] = pairFaults(pair("other"), ["t"], Date.UTC(2019, 0, 1));
  assert.deepEqual([severity, message], ["warning", "the certificate is not valid yet"]);
  assert.match(seen!, /^other\.test, \*\.other\.test, valid from Jan /);
});

Deno.test("pairFaults() warns at the second at which a certificate expires", () => {
  const end = Date.UTC(2021, 0, 1);
  assert.deepEqual(pairFaults(pair("expired"), ["t"], end - 1), []);
  assert.equal(pairFaults(pair("expired"), ["t"], end).length, 1);
});

Deno.test("authorityFaults() looks at every authority", () => {
  assert.deepEqual(authorityFaults(authority + pair("other").cert, ["c"], NOW), []);
  const [fault] = authorityFaults(authority + pair("expired").cert, ["c"], NOW);
  assert.equal(printed(fault), "warning c: the certificate has expired");
  assert.equal(printed(authorityFaults("junk", ["c"], NOW)[0]), "error c: there is no certificate in PEM form");
});

Deno.test("certificateName() tells the DNS names", () => {
  assert.equal(certificateName(pair("other").cert), "other.test, *.other.test");
  assert.equal(certificateName(authority).includes("="), true);
});
