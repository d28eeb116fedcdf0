/** Which clients' certificates were verified. @module */

import type { Clock } from "../../core/clock.ts";
import type { ClientCertificate } from "../../core/client_certificate.ts";

/** Certificates that are remembered; beyond it, the one not seen for the longest time has to be shown anew. */
const MOST = 50_000;

/**
 * A resumed session brings the certificate of its first handshake, which the runtime does not verify again; and its
 * ticket works on every TLS server of the process, whatever authorities that one has (Deno 2.9.6). So what was
 * verified under one set of authorities is remembered here, and nothing else counts as verified.
 */
export class VerifiedClients {
  readonly #clock: Clock;
  /** Fingerprints, the one seen last at the end. */
  readonly #known = new Set<string>();

  /** @param ca the authorities, as PEM */
  constructor(readonly ca: string, clock: Clock) {
    this.#clock = clock;
  }

  /** A full handshake has verified it. */
  add({ fingerprint }: ClientCertificate): void {
    this.#known.delete(fingerprint);
    this.#known.add(fingerprint);
    if (this.#known.size > MOST) this.#known.delete(this.#known.values().next().value!);
  }

  /** Whether it was verified once and has not expired since. */
  has(certificate: ClientCertificate): boolean {
    if (!this.#known.has(certificate.fingerprint)) return false;
    if (certificate.validTo <= this.#clock.wall()) return false;
    this.add(certificate);
    return true;
  }
}
