/** Whether the secrets that a config names are there. @module */

import { isSecret, type Secret, type SecretReader } from "../../core/secret.ts";
import type { Draft } from "../draft.ts";
import type { Finding, Path } from "../finding.ts";
import { seenText } from "../seen.ts";

/** Each missing secret, once, at the first place that names it. */
export function checkSecrets(draft: Draft, read: SecretReader, severity: "error" | "warning"): Finding[] {
  const asked = new Set<string>();
  return [...secretsOf(draft)].flatMap(({ secret, at }) => {
    const id = JSON.stringify(secret);
    if (asked.has(id)) return [];
    asked.add(id);
    const result = read(secret);
    if ("value" in result) return [];
    const remedy = secret.env === undefined ? "a file that can be read" : `${secret.env}=… in the environment`;
    return [{ at, severity, message: `this secret is missing: ${result.error}`, seen: seenText(secret), remedy }];
  });
}

function* secretsOf({ admin, upstreams, policies, routes }: Draft): Generator<{ secret: Secret; at: Path }> {
  yield* secretsIn(admin?.token, ["admin", "token"]);
  for (const { at, parsed } of upstreams) yield* secretsIn(parsed?.tls, [...at, "tls"]);
  for (const chain of [policies, ...routes.map(({ chain }) => chain)]) {
    for (const { at, policy } of chain.policies) yield* secretsIn(policy.options, at);
  }
}

/** Plain data only: what a policy's options hold beyond it is its own affair. */
function* secretsIn(value: unknown, at: Path, around: readonly object[] = []): Generator<{ secret: Secret; at: Path }> {
  if (typeof value !== "object" || value === null || around.includes(value)) return;
  if (isSecret(value)) return yield { secret: value, at };
  const isList = Array.isArray(value);
  if (!isList && ![Object.prototype, null].includes(Object.getPrototypeOf(value))) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* secretsIn(inner, [...at, isList ? Number(key) : key], [...around, value]);
  }
}
