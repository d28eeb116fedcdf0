/** What a client certificate is known by: its fingerprint, its subject, its alternative names. @module */

import type { CertificateMark } from "../config/schema/consumers.ts";
import { readAltNames } from "../core/alt_names.ts";
import type { ClientCertificate } from "../core/client_certificate.ts";

/** A mark as one text to compare. */
export function markText({ of, value }: CertificateMark): string {
  return `${of} ${value}`;
}

/** All that a certificate is known by, what says most of it first. */
export function certificateMarks({ fingerprint, subject, altNames }: ClientCertificate): string[] {
  const names = readAltNames(altNames ?? "").map(({ type, value }) =>
    markText({ of: "altName", value: `${type}:${type === "DNS" ? value.toLowerCase() : value}` })
  );
  return [markText({ of: "fingerprint", value: fingerprint }), markText({ of: "subject", value: subject }), ...names];
}
