/** The certificate that a client has shown, out of the runtime's hands. @module */

import type { PeerCertificate } from "node:tls";
import { printAltNames } from "../../core/alt_names.ts";
import type { ClientCertificate } from "../../core/client_certificate.ts";
import { altNamesOf } from "./alt_names_of.ts";

/** What the runtime tells of a peer's certificate; `null` when the peer has shown none. */
export function clientCertificate(shown: PeerCertificate | null): ClientCertificate | null {
  if (!shown?.fingerprint256) return null;
  return {
    subject: nameText(shown.subject),
    issuer: nameText(shown.issuer),
    altNames: printAltNames(altNamesOf(shown.raw)) || null,
    serialNumber: shown.serialNumber,
    fingerprint: shown.fingerprint256,
    validTo: Date.parse(shown.valid_to),
  };
}

/** RFC 4514 §2.4: what would end a value, or begin another, is escaped. */
function nameText(name: object): string {
  return Object.entries(name ?? {}).flatMap(([part, value]) =>
    [value].flat().map((one) => `${part}=${String(one).replace(/[,+"\\<>;=]/g, "\\$&")}`)
  ).join(", ");
}
