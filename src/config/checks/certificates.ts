/** Whether the listeners' certificates can be used. @module */

import type { SecretReader } from "../../core/secret.ts";
import { materialFaults } from "../certificates/material_faults.ts";
import { readMaterial } from "../certificates/read_material.ts";
import type { Draft } from "../draft.ts";
import type { Finding, Path } from "../finding.ts";
import { readPart } from "../read_part.ts";
import { listenerSchema } from "../schema/listener.ts";

/** What is wrong with a secret that is part of TLS. */
export interface TlsFault {
  /** The secret, as far as it tells one from another. */
  readonly secret: unknown;
  readonly finding: Finding;
}

/** What a start would find. @param now milliseconds since 1970 */
export function certificateFaults({ listen }: Draft, read: SecretReader, now: number): TlsFault[] {
  return listen.flatMap(({ at, written }) => {
    const tls = readPart(listenerSchema.shape.tls, written.tls);
    if (tls === undefined) return [];
    const found = readMaterial({ ...tls, clientCertificates: tls.clientCertificates ?? null }, read);
    return materialFaults(found, now).map((finding) => ({
      secret: settingAt(tls, finding.at),
      finding: { ...finding, at: [...at, "tls", ...finding.at] },
    }));
  });
}

function settingAt(settings: object, at: Path): unknown {
  return at.reduce<unknown>((part, key) => (part as Record<string | number, unknown>)[key], settings);
}
