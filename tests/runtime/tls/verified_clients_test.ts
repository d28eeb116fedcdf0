import { strict as assert } from "node:assert";
import type { ClientCertificate } from "../../../src/core/client_certificate.ts";
import { VerifiedClients } from "../../../src/runtime/tls/verified_clients.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const NOW = Date.UTC(2026, 0, 1);

function certificate(fingerprint: string, validTo = NOW + 1000): ClientCertificate {
  return { fingerprint, validTo, subject: "CN=a", issuer: "CN=b", altNames: null, serialNumber: "01" };
}

Deno.test("VerifiedClients knows what was added, until it expires", () => {
  const clock = new FakeClock({ wall: NOW }), verified = new VerifiedClients("ca", clock);
  verified.add(certificate("A"));
  assert.equal(verified.has(certificate("A")), true);
  assert.equal(verified.has(certificate("B")), false);
  clock.advance(999);
  assert.equal(verified.has(certificate("A")), true);
  clock.advance(1);
  assert.equal(verified.has(certificate("A")), false);
});

Deno.test("VerifiedClients forgets the one that was not seen for the longest time", () => {
  const verified = new VerifiedClients("ca", new FakeClock({ wall: NOW }));
  for (let i = 0; i < 50_000; i++) verified.add(certificate(`${i}`));
  assert.equal(verified.has(certificate("0")), true);
  verified.add(certificate("one more"));
  assert.deepEqual(["0", "1", "2", "one more"].map((one) => verified.has(certificate(one))), [true, false, true, true]);
});
