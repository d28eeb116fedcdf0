/** Reading what a listener's TLS names. @module */

import type { Secret, SecretReader } from "../../core/secret.ts";
import type { Finding, Path } from "../finding.ts";
import { missingSecret } from "../missing_secret.ts";
import type { ValidListenerTls } from "../valid_config.ts";
import type { CertificatePair, TlsMaterial } from "./tls_material.ts";

/** What was read, unchecked. */
export interface ReadMaterial {
  /** A text that cannot be had is empty. */
  readonly material: TlsMaterial;
  /** What cannot be had; places begin at the listener's `tls`. */
  readonly missing: readonly Finding[];
}

/** Reads every text, each time anew. */
export function readMaterial(tls: ValidListenerTls, read: SecretReader): ReadMaterial {
  const missing: Finding[] = [];
  const text = (secret: Secret, at: Path): string => {
    const found = read(secret);
    if ("value" in found) return found.value;
    missing.push({ at, ...missingSecret(secret, found.error) });
    return "";
  };
  const pair = ({ cert, key }: { cert: Secret; key: Secret }, at: Path): CertificatePair => ({
    cert: text(cert, [...at, "cert"]),
    key: text(key, [...at, "key"]),
  });
  const { certificates, clientCertificates: clients, http2 } = tls;
  const material: TlsMaterial = {
    ...pair(tls, []),
    certificates: certificates.map((one, i) => ({ hosts: one.hosts, ...pair(one, ["certificates", i]) })),
    clientCertificates: clients === null
      ? null
      : { ca: text(clients.ca, ["clientCertificates", "ca"]), required: clients.required },
    http2,
  };
  return { material, missing };
}
