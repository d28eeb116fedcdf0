/** The certificate that a client has shown. @module */

import type { PeerCertificate } from "node:tls";

/** A certificate whose chain leads to an authority of the listener, and whose key the client has. */
export interface ClientCertificate {
  /** The distinguished name's parts: `CN=client.test, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** `DNS:client.test, URI:spiffe://…` as the runtime prints it, or `null`. */
  readonly altNames: string | null;
  /** Hexadecimal. */
  readonly serialNumber: string;
  /** SHA-256 of the whole, `AB:CD:…`. */
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly validTo: number;
}

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
