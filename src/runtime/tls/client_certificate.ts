/** The certificate that a client has shown, out of the runtime's hands. @module */

import type { PeerCertificate } from "node:tls";
import type { ClientCertificate } from "../../core/client_certificate.ts";

/** What the runtime tells of a peer's certificate; `null` when the peer has shown none. */
export function clientCertificate(shown: PeerCertificate | null): ClientCertificate | null {
  if (!shown?.fingerprint256) return null;
  return {
    subject: nameText(shown.subject),
    issuer: nameText(shown.issuer),
    altNames: shown.subjectaltname ?? null,
    serialNumber: shown.serialNumber,
    fingerprint: shown.fingerprint256,
    validTo: Date.parse(shown.valid_to),
  };
}

function nameText(name: object): string {
  return Object.entries(name ?? {}).flatMap(([part, value]) => [value].flat().map((one) => `${part}=${one}`)).join(
    ", ",
  );
}
