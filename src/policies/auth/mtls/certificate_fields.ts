/** What upstreams are told of a certificate. @module */

import type { ClientCertificate } from "../../../core/client_certificate.ts";
import { isFieldValue } from "../../../core/header_list.ts";
import { fieldText } from "../../shape/field_text.ts";
import { namesOf, subjectOf } from "./certificate_terms.ts";

/** A part of a certificate; `identity` is what the request goes by, `altName` the first of its names. */
export type CertificatePart = "identity" | "subject" | "issuer" | "altName" | "fingerprint" | "serialNumber";

/** Every part, for messages. */
export const CERTIFICATE_PARTS: readonly CertificatePart[] = [
  "identity",
  "subject",
  "issuer",
  "altName",
  "fingerprint",
  "serialNumber",
];

/** `[name, value, …]`. What the certificate has not, or what no field can hold, is left out. */
export function certificateFields(
  certificate: ClientCertificate,
  headers: Readonly<Record<string, CertificatePart>>,
): string[] {
  return Object.entries(headers).flatMap(([name, part]) => {
    const value = fieldText(partOf(certificate, part) ?? "");
    return value !== "" && isFieldValue(value) ? [name, value] : [];
  });
}

function partOf(certificate: ClientCertificate, part: CertificatePart): string | undefined {
  if (part === "identity") return subjectOf(certificate);
  return part === "altName" ? namesOf(certificate)[0]?.value : certificate[part];
}
