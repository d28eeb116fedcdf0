/** Reading what a listener's TLS names. @module */

import type { ListenerTlsPlan } from "../../compile/plan.ts";
import { ConfigError, type Issue } from "../../core/issue.ts";
import type { Secret, SecretReader } from "../../core/secret.ts";
import { authorityFaults, pairFaults } from "./certificate_faults.ts";
import type { CertificatePair, TlsMaterial } from "./tls_material.ts";

/**
 * Reads every text, each time anew.
 *
 * @param at where the settings are: `listen.tls`
 * @return what was read, unchecked; or an error for each text that cannot be had
 */
export function readMaterial(plan: ListenerTlsPlan, read: SecretReader, at: string): TlsMaterial | Issue[] {
  const issues: Issue[] = [];
  const text = (secret: Secret, path: string): string => {
    const found = read(secret);
    if ("value" in found) return found.value;
    const remedy = secret.env === undefined ? "a file that can be read" : `${secret.env}=… in the environment`;
    issues.push({
      severity: "error",
      path,
      message: `this cannot be read: ${found.error}`,
      seen: JSON.stringify(secret),
      remedy,
    });
    return "";
  };
  const pair = ({ cert, key }: { cert: Secret; key: Secret }, path: string): CertificatePair => ({
    cert: text(cert, `${path}.cert`),
    key: text(key, `${path}.key`),
  });
  const { clientCertificates: clients, http2 } = plan;
  const material: TlsMaterial = {
    ...pair(plan, at),
    certificates: plan.certificates.map((one, i) => ({ hosts: one.hosts, ...pair(one, `${at}.certificates[${i}]`) })),
    clientCertificates: clients === null
      ? null
      : { ca: text(clients.ca, `${at}.clientCertificates.ca`), required: clients.required },
    http2,
  };
  return issues.length > 0 ? issues : material;
}

/** Everything that is wrong with what was read. @param now milliseconds since 1970 */
export function materialFaults(material: TlsMaterial, at: string, now: number): Issue[] {
  const { certificates, clientCertificates } = material;
  return [
    ...pairFaults(material, at, now),
    ...certificates.flatMap((one, i) => pairFaults(one, `${at}.certificates[${i}]`, now)),
    ...(clientCertificates === null ? [] : authorityFaults(clientCertificates.ca, `${at}.clientCertificates`, now)),
  ];
}

/** Whether anything of it is in a file: the environment of a process does not change. */
export function isInFiles({ cert, key, certificates, clientCertificates }: ListenerTlsPlan): boolean {
  const secrets = [cert, key, clientCertificates?.ca, ...certificates.flatMap(({ cert, key }) => [cert, key])];
  return secrets.some((secret) => secret?.file !== undefined);
}

/** What was read, and can be used. @throws ConfigError with everything that is wrong */
export function usableMaterial(plan: ListenerTlsPlan, read: SecretReader, at: string, now: number): TlsMaterial {
  const found = readMaterial(plan, read, at), issues = found instanceof Array ? found : materialFaults(found, at, now);
  const errors = issues.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new ConfigError(errors);
  return found as TlsMaterial;
}
