/** The TLS of a listener that is about to start. @module */

import { ConfigError, type Issue } from "../../core/issue.ts";
import type { SecretReader } from "../../core/secret.ts";
import { toIssue } from "../finding.ts";
import type { ValidListenerTls } from "../valid_config.ts";
import { materialFaults } from "./material_faults.ts";
import { type ReadMaterial, readMaterial } from "./read_material.ts";
import type { TlsMaterial } from "./tls_material.ts";

/**
 * What was read, and can be used.
 *
 * @param at where the settings are: `listen.tls`
 * @param now milliseconds since 1970
 * @throws ConfigError with everything that is wrong
 */
export function usableMaterial(tls: ValidListenerTls, read: SecretReader, at: string, now: number): TlsMaterial {
  const found = readMaterial(tls, read);
  const errors = materialIssues(found, at, now).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new ConfigError(errors);
  return found.material;
}

/** {@link materialFaults} as issues. @param at where the settings are: `listen.tls` */
export function materialIssues(found: ReadMaterial, at: string, now: number): Issue[] {
  return materialFaults(found, now).map((fault) => {
    const issue = toIssue(fault, () => ({}));
    return { ...issue, path: `${at}.${issue.path}` };
  });
}
