/** Whether the secrets that a config names are there, and fit for what they are used for. @module */

import { isFieldValue } from "../../core/header_list.ts";
import { definitionOf, type Policy } from "../../core/policy.ts";
import { isSecret, type Secret, type SecretReader, type SecretValue } from "../../core/secret.ts";
import { fieldText } from "../../policies/shape/field_text.ts";
import { chainsOf, type Draft } from "../draft.ts";
import type { Finding, Path } from "../finding.ts";
import { missingSecret } from "../missing_secret.ts";
import { withParts } from "../policy_parts.ts";
import { secretPlace } from "../secret_place.ts";
import { seenText } from "../seen.ts";
import { certificateFaults } from "./certificates.ts";

/** What a secret's value must be; `null` where the value fits. The complaint does not hold the value. */
type Fits = (value: string) => Pick<Finding, "message" | "remedy"> | null;

interface Use {
  readonly secret: Secret;
  readonly at: Path;
  readonly fits: Fits;
}

/** How secrets are judged. */
export interface SecretTerms {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether nothing is worse than a warning. */
  readonly lenient: boolean;
}

/** Each missing secret, and each that its use has no use for, once, at the first place that names it. */
export function checkSecrets(draft: Draft, read: SecretReader, { now, lenient }: SecretTerms): Finding[] {
  const values = new Map<string, SecretValue>(), said = new Set<string>();
  const once: SecretReader = (secret) => {
    const id = JSON.stringify(secret), value = values.get(id) ?? read(secret);
    values.set(id, value);
    return value;
  };
  const faults = [
    ...certificateFaults(draft, once, now),
    ...[...usesOf(draft)].flatMap((use) => faultOf(use, once(use.secret))),
  ];
  return faults.flatMap(({ secret, finding }) => {
    const id = JSON.stringify([secret, finding.message, finding.seen]);
    if (said.has(id)) return [];
    said.add(id);
    return [lenient ? { ...finding, severity: "warning" } : finding];
  });
}

function faultOf({ secret, at, fits }: Use, value: SecretValue): { secret: Secret; finding: Finding }[] {
  if ("error" in value) return [{ secret, finding: { at, ...missingSecret(secret, value.error) } }];
  const wrong = fits(value.value);
  return wrong === null ? [] : [{ secret, finding: { at, seen: seenText(secret), ...wrong } }];
}

/** All uses but those of the listeners' TLS. */
function* usesOf(draft: Draft): Generator<Use> {
  const { admin, telemetry, upstreams, stores } = draft;
  yield* secretsIn(admin?.token, ["admin", "token"], bearer);
  for (const part of ["traces", "metrics"] as const) {
    for (const use of secretsIn(telemetry[part], [], fieldValue)) {
      yield { ...use, at: ["telemetry", part, ...secretPlace(use.secret, telemetry.written[part]) ?? []] };
    }
  }
  for (const { at, parsed } of upstreams) {
    yield* secretsOfTls(parsed?.tls, [...at, "tls"]);
    yield* secretsIn(parsed?.sticky, [...at, "sticky"], signingKey);
  }
  for (const { at, written, store } of stores) {
    for (const use of secretsIn(store?.options, [], anything)) {
      yield { ...use, at: [...at, ...secretPlace(use.secret, written) ?? []] };
    }
  }
  for (const chain of chainsOf(draft)) {
    for (const { at, policy } of [...chain.policies, ...chain.refused].flatMap(withParts)) {
      yield* secretsOfPolicy(policy, at);
    }
  }
}

/** Of TLS towards an upstream: keys stand under `key`, and certificates elsewhere. */
function* secretsOfTls(tls: unknown, at: Path): Generator<Use> {
  for (const use of secretsIn(tls, at, certificate)) {
    yield use.at.at(-1) === "key" ? { ...use, fits: privateKey } : use;
  }
}

/** What each is for, its policy knows. */
function* secretsOfPolicy(policy: Policy, at: Path): Generator<Use> {
  const definition = definitionOf(policy), { options } = policy;
  for (const use of secretsIn(options, at, anything)) {
    const inside = use.at.slice(at.length);
    yield { ...use, fits: (value) => definition?.secretFault?.(options, inside, value) ?? null };
  }
}

const anything: Fits = () => null;

const bearer: Fits = (value) =>
  /^\S+$/.test(value) ? null : {
    message: "this secret is empty or has white space in it",
    remedy: "a token of one word",
  };

const fieldValue: Fits = (value) =>
  isFieldValue(fieldText(value)) ? null : {
    message: "the value of this secret cannot stand in a header field",
    remedy: "one line of text without outer white space",
  };

/** Shorter keys can be found by trying. */
const SIGNING_KEY = 16;

const signingKey: Fits = (value) =>
  value.length >= SIGNING_KEY ? null : {
    message: `this secret has fewer than ${SIGNING_KEY} characters`,
    remedy: `at least ${SIGNING_KEY} random characters`,
  };

const certificate: Fits = (value) => pem(value, "CERTIFICATE", "certificate");
const privateKey: Fits = (value) => pem(value, "PRIVATE KEY", "private key");

/** RFC 7468 §2: whatever stands before the label's last words, such as `EC` or `X509`, is the kind. */
function pem(value: string, label: string, what: string): ReturnType<Fits> {
  if (new RegExp(`-----BEGIN (?:[A-Z0-9]+ )*${label}-----`).test(value)) return null;
  return { message: `this secret holds no ${what} in PEM form`, remedy: `-----BEGIN ${label}----- …` };
}

/** Plain data only: what a policy's options hold beyond it is its own affair. */
function* secretsIn(value: unknown, at: Path, fits: Fits, around: readonly object[] = []): Generator<Use> {
  if (typeof value !== "object" || value === null || around.includes(value) || isPolicy(value)) return;
  if (isSecret(value)) return yield { secret: value, at, fits };
  const isList = Array.isArray(value);
  if (!isList && ![Object.prototype, null].includes(Object.getPrototypeOf(value))) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* secretsIn(inner, [...at, isList ? Number(key) : key], fits, [...around, value]);
  }
}

/** Policies among the options have options of their own, and come by themselves. */
function isPolicy(value: object): boolean {
  return definitionOf(value) !== undefined;
}
