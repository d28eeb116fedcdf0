import { strict as assert } from "node:assert";
import { certificateEnds } from "../../../src/config/certificates/certificate_ends.ts";
import { serverCertificate } from "../../support/certificates.ts";
import { pair } from "../../runtime/tls/setup.ts";

const IN_2021 = Date.UTC(2021, 0, 1), IN_2120 = Date.UTC(2120, 0, 1), OTHERS = { certificates: [] };
const { cert } = serverCertificate, expired = pair("expired");

Deno.test("certificateEnds() names the hosts that a certificate is shown for, else its own", () => {
  const certificates = [{ ...expired, hosts: ["a.test", "*.b.test"] }];
  assert.deepEqual(certificateEnds({ cert, certificates }), [
    { host: "localhost, *.localhost", at: IN_2120 },
    { host: "a.test, *.b.test", at: IN_2021 },
  ]);
});

Deno.test("certificateEnds() tells when the first of a chain expires, the rest of the text left aside", () => {
  for (const chain of [`${cert}\n${expired.cert}`, `${expired.cert}\n${cert}`, `subject=/CN=x\n${expired.cert}`]) {
    assert.equal(certificateEnds({ cert: chain, ...OTHERS })[0].at, IN_2021);
  }
});
