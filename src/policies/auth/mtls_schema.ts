/** What `mtls` accepts. @module */

import { z } from "zod";
import { isToken } from "../../http/token.ts";
import { choice } from "../../settings/choice.ts";
import { Refusal } from "../../settings/scalar.ts";
import { type Misfit, oneOrMore, report, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import { protectedField } from "../shape/protected_fields.ts";
import { CERTIFICATE_PARTS, type CertificatePart } from "./mtls/certificate_fields.ts";
import type { CertificateTerms } from "./mtls/certificate_terms.ts";

/** The options as they are checked. */
export interface MtlsPlan extends CertificateTerms {
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, CertificatePart>>;
}

const distinguishedName = text<string>({
  expected: 'a distinguished name such as "CN=acme, O=Example"',
  read: (name) =>
    /^[A-Za-z][\w.-]*=./.test(name) ? name : new Refusal("a distinguished name has parts with =", `"CN=${name}"`),
});

/** Names, and what stands for several: of DNS, and of URIs. */
const PATTERNS = [/^[^*]+$/, /^\*\.[\w.-]+$/, /^[a-z][a-z\d+.-]*:[^*]+\/\*$/i];

const altName = text<string>({
  expected: 'a name such as "client.example", "*.clients.example" or "spiffe://example/ns/*"',
  read(name) {
    if (/^(?:DNS|URI|email):./.test(name)) {
      return new Refusal("names are written without what kind they are", `"${name.slice(name.indexOf(":") + 1)}"`);
    }
    if (PATTERNS.some((pattern) => pattern.test(name))) return name;
    return new Refusal("* stands for names below one of DNS, or below a path", '"*.clients.example"');
  },
});

const fingerprint = text<string>({
  expected: "a SHA-256 fingerprint",
  read(digits) {
    const hex = digits.replaceAll(":", "").toUpperCase();
    if (/^[0-9A-F]{64}$/.test(hex)) return hex.match(/../g)!.join(":");
    return new Refusal(
      "a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits",
      "what openssl x509 -noout -fingerprint -sha256 prints behind =",
    );
  },
});

const headers = z.record(z.string(), choice(CERTIFICATE_PARTS), {
  error: () => 'expected parts of the certificate by field, such as { "x-client": "identity" }',
}).transform((headers, context) => {
  const misfits = Object.keys(headers).flatMap((name): Misfit[] => {
    const reason = isToken(name) ? protectedField(name, "request") : "it is no name of a field";
    if (reason === undefined) return [];
    return [{ path: [name], message: `${name} cannot be set: ${reason}`, remedy: '"x-client"', onKey: true }];
  });
  report(context, headers, misfits);
  return Object.fromEntries(Object.entries(headers).map(([name, part]) => [name.toLowerCase(), part]));
});

/** Schema of the options of `mtls`. */
export const mtlsSchema: z.ZodType<MtlsPlan, unknown> = settings('settings such as { issuers: "CN=Clients CA" }', {
  subjects: oneOrMore("a distinguished name", distinguishedName, "at least one subject is needed").optional()
    .describe("Whole subjects, one of which the certificate must have."),
  issuers: oneOrMore("a distinguished name", distinguishedName, "at least one issuer is needed").optional()
    .describe("Whole issuers, one of which must have signed it."),
  altNames: oneOrMore("a name", altName, "at least one name is needed").optional()
    .describe('Names, one of which it must have: exact, "*.clients.example" or "spiffe://example/ns/*".'),
  fingerprints: oneOrMore("a SHA-256 fingerprint", fingerprint, "at least one fingerprint is needed").optional()
    .describe("SHA-256 fingerprints, one of which must be its own."),
  headers: headers.prefault({}).describe("Request fields that tell the upstream of it, by name."),
});
