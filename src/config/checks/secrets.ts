/** Whether the secrets that a config names are there, and fit for what they are used for. @module */

import { isFieldValue } from "../../core/header_list.ts";
import { definitionOf } from "../../core/policy.ts";
import { isSecret, type Secret, type SecretReader, type SecretValue } from "../../core/secret.ts";
import { fieldText } from "../../policies/shape/field_text.ts";
import { headersDefinition } from "../../policies/shape/headers.ts";
import type { Draft } from "../draft.ts";
import type { Finding, Path } from "../finding.ts";
import { seenText } from "../seen.ts";

/** What a secret's value must be; `null` where the value fits. The complaint does not hold the value. */
type Fits = (value: string) => Pick<Finding, "message" | "remedy"> | null;

interface Use {
  readonly secret: Secret;
  readonly at: Path;
  readonly fits: Fits;
}

/** Each missing secret, and each that its use has no use for, once, at the first place that names it. */
export function checkSecrets(draft: Draft, read: SecretReader, severity: "error" | "warning"): Finding[] {
  const values = new Map<string, SecretValue>(), said = new Set<string>();
  return [...usesOf(draft)].flatMap(({ secret, at, fits }) => {
    const id = JSON.stringify(secret), value = values.get(id) ?? read(secret);
    values.set(id, value);
    const wrong = "value" in value ? fits(value.value) : missing(secret, value.error);
    if (wrong === null || said.has(id + wrong.message)) return [];
    said.add(id + wrong.message);
    return [{ at, severity, seen: seenText(secret), ...wrong }];
  });
}

function missing({ env }: Secret, error: string): Pick<Finding, "message" | "remedy"> {
  const remedy = env === undefined ? "a file that can be read" : `${env}=… in the environment`;
  return { message: `this secret is missing: ${error}`, remedy };
}

function* usesOf({ listen, admin, upstreams, policies, routes }: Draft): Generator<Use> {
  for (const { at, parsed } of listen) yield* secretsOfTls(parsed?.tls, [...at, "tls"]);
  yield* secretsIn(admin?.token, ["admin", "token"], bearer);
  for (const { at, parsed } of upstreams) {
    yield* secretsOfTls(parsed?.tls, [...at, "tls"]);
  }
  for (const chain of [policies, ...routes.map(({ chain }) => chain)]) {
    for (const { at, policy } of [...chain.policies, ...chain.refused]) {
      yield* secretsIn(policy.options, at, definitionOf(policy) === headersDefinition ? field : anything);
    }
  }
}

/** Whatever TLS it is: keys stand under `key`, and certificates elsewhere. */
function* secretsOfTls(tls: unknown, at: Path): Generator<Use> {
  for (const use of secretsIn(tls, at, certificate)) {
    yield use.at.at(-1) === "key" ? { ...use, fits: privateKey } : use;
  }
}

const anything: Fits = () => null;

const bearer: Fits = (value) =>
  /^\S+$/.test(value) ? null : {
    message: "this secret is empty or has white space in it",
    remedy: "a token of one word",
  };

const field: Fits = (value) =>
  isFieldValue(fieldText(value)) ? null : {
    message: "the value of this secret cannot stand in a header field: " +
      "it has a line break, another control character or outer white space",
    remedy: "one line of text",
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
  if (typeof value !== "object" || value === null || around.includes(value)) return;
  if (isSecret(value)) return yield { secret: value, at, fits };
  const isList = Array.isArray(value);
  if (!isList && ![Object.prototype, null].includes(Object.getPrototypeOf(value))) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* secretsIn(inner, [...at, isList ? Number(key) : key], fits, [...around, value]);
  }
}
