/** Which certificates will do. @module */

import { type AltName, readAltNames } from "../../../core/alt_names.ts";
import type { ClientCertificate } from "../../../core/client_certificate.ts";

/** What a certificate must have; lists are any-of, and every list that is there must hold. */
export interface CertificateTerms {
  readonly subjects?: readonly string[];
  readonly issuers?: readonly string[];
  readonly altNames?: readonly string[];
  /** In upper case, with colons. */
  readonly fingerprints?: readonly string[];
}

/** What a certificate lacks, in words for the log; `null`: nothing. */
export type CertificateFault = (certificate: ClientCertificate) => string | null;

/** Prepares the comparison. */
export function certificateFault({ subjects, issuers, altNames, fingerprints }: CertificateTerms): CertificateFault {
  const tests = altNames?.map(altNameTest);
  return (certificate) => {
    if (subjects?.includes(certificate.subject) === false) return "its subject is none of those that may pass";
    if (issuers?.includes(certificate.issuer) === false) return "its issuer is none of those that may pass";
    if (fingerprints?.includes(certificate.fingerprint) === false) return "it is none of those that may pass";
    if (tests === undefined) return null;
    const names = namesOf(certificate);
    return tests.some((test) => names.some(test)) ? null : "none of its names may pass";
  };
}

/** What authorities vouch for as a name of DNS: something else under this type could be taken for a URI. */
const HOST = /^[\w.*-]+$/;

/** The names that people give to clients: those of DNS, in lower case, URIs and addresses of mail. */
export function namesOf({ altNames }: ClientCertificate): AltName[] {
  return readAltNames(altNames ?? "").flatMap((name): AltName[] => {
    const { type, value } = name;
    if (type === "DNS") return HOST.test(value) ? [{ type, value: value.toLowerCase() }] : [];
    return type === "URI" || type === "email" ? [name] : [];
  });
}

/** Whom a certificate is for: its SPIFFE ID, else its first DNS name, else its whole subject. */
export function subjectOf(certificate: ClientCertificate): string {
  const names = namesOf(certificate);
  const spiffe = names.find(({ type, value }) => type === "URI" && value.startsWith("spiffe://"));
  const dns = names.find(({ type }) => type === "DNS");
  return spiffe?.value ?? dns?.value ?? certificate.subject;
}

/**
 * `*.example.com` stands for every name below it, `spiffe://example.com/ns/*` for every path below it. A pattern is of one
 * type, and so are the names that it stands for: a text can be a name of DNS and a URI, for which different rules hold.
 */
function altNameTest(pattern: string): (name: AltName) => boolean {
  const kind = pattern.includes(":") ? "URI" : pattern.includes("@") ? "email" : "DNS";
  const test = textTest(kind === "DNS" ? pattern.toLowerCase() : pattern);
  return ({ type, value }) => type === kind && test(value);
}

function textTest(pattern: string): (text: string) => boolean {
  if (pattern.startsWith("*.")) {
    const end = pattern.slice(1);
    return (text) => text.length > end.length && text.endsWith(end);
  }
  if (pattern.endsWith("/*")) {
    const start = pattern.slice(0, -1);
    return (text) => text.length > start.length && text.startsWith(start);
  }
  return (text) => text === pattern;
}
