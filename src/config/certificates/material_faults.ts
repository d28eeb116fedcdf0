/** What is wrong with the TLS of a listener. @module */

import { type Finding, pathText } from "../finding.ts";
import { authorityFaults, pairFaults } from "./certificate_faults.ts";
import type { ReadMaterial } from "./read_material.ts";

/**
 * Everything that keeps it from being used, and what there is to warn of. `check` and `start` both say what this says.
 *
 * @param now milliseconds since 1970
 * @return places begin at the listener's `tls`
 */
export function materialFaults({ material, missing }: ReadMaterial, now: number): Finding[] {
  const { certificates, clientCertificates } = material, absent = new Set(missing.map(({ at }) => pathText(at)));
  const faults = [
    ...pairFaults(material, [], now),
    ...certificates.flatMap((one, i) => pairFaults(one, ["certificates", i], now)),
    ...(clientCertificates === null ? [] : authorityFaults(clientCertificates.ca, ["clientCertificates", "ca"], now)),
  ];
  return [...missing, ...faults.filter(({ at }) => !absent.has(pathText(at)))];
}
