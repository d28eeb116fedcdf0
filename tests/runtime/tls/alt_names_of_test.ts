import { strict as assert } from "node:assert";
import { X509Certificate } from "node:crypto";
import type { PeerCertificate } from "node:tls";
import fc from "fast-check";
import { readAltNames } from "../../../src/core/alt_names.ts";
import { altNamesOf } from "../../../src/runtime/tls/alt_names_of.ts";
import { clientCertificate } from "../../../src/runtime/tls/client_certificate.ts";
import { clientCertificate as plain, serverCertificate } from "../../support/certificates.ts";
import { pem } from "./setup.ts";

const der = (text: string) => new Uint8Array(new X509Certificate(text).raw);
const LONG = "a-long-name-so-that-the-whole-list-is-longer-than-one-hundred-and-twenty-seven-bytes.example.test";

Deno.test("altNamesOf() reads the names out of a certificate, each by itself", () => {
  assert.deepEqual(altNamesOf(der(pem("odd.pem"))), [
    { type: "DNS", value: "Odd.test" },
    { type: "URI", value: "spiffe://example.org/a, DNS:admin.test" },
    { type: "email", value: "a@b.test" },
    { type: "IP Address", value: "10.0.0.1" },
    { type: "IP Address", value: "2001:db8:0:0:0:0:0:1" },
    { type: "DNS", value: LONG },
  ]);
  const names = altNamesOf(der(serverCertificate.cert)).map(({ type, value }) => `${type}:${value}`);
  assert.deepEqual(names.slice(0, 3), ["DNS:localhost", "DNS:*.localhost", "IP Address:127.0.0.1"]);
  assert.deepEqual(altNamesOf(der(plain.cert)), []);
});

Deno.test("altNamesOf() takes any bytes", () => {
  const good = der(pem("odd.pem"));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void altNamesOf(bytes)));
  fc.assert(fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
    const bytes = good.slice(0, length);
    bytes[at] = byte;
    altNamesOf(bytes);
  }));
});

Deno.test("the texts of a certificate's names cannot be read as others", () => {
  const shown = {
    fingerprint256: "AB",
    subject: { O: "Example, CN=admin", CN: "odd.test", OU: ["a", "b+c"] },
    issuer: { CN: "odd.test" },
    raw: der(pem("odd.pem")),
    serialNumber: "01",
    valid_to: "Jan  1 00:00:00 2120 GMT",
  } as unknown as PeerCertificate;
  const { subject, altNames } = clientCertificate(shown)!;
  assert.equal(subject, "O=Example\\, CN\\=admin, CN=odd.test, OU=a, OU=b\\+c");
  assert.deepEqual(readAltNames(altNames!), altNamesOf(shown.raw));
  assert.equal(clientCertificate({ ...shown, raw: der(plain.cert) } as never)!.altNames, null);
});
