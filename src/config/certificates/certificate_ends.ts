/** When the certificates of a listener expire. @module */

import { certificateName, chainEnd } from "./certificate_faults.ts";
import type { TlsMaterial } from "./tls_material.ts";

/** One certificate that is shown to clients. Plain JSON. */
export interface CertificateEnd {
  /** The hosts that it is shown for, else what it is for itself. */
  readonly host: string;
  /** When it expires, or one that it depends on: milliseconds since 1970. */
  readonly at: number;
}

/** Those of material without faults, what is shown to everybody else first. */
export function certificateEnds(
  { cert, certificates = [] }: Pick<TlsMaterial, "cert"> & Partial<Pick<TlsMaterial, "certificates">>,
): readonly CertificateEnd[] {
  return [
    { host: certificateName(cert), at: chainEnd(cert) },
    ...certificates.map(({ hosts, cert }) => ({ host: hosts.join(", "), at: chainEnd(cert) })),
  ];
}
