/** Whether each credential leads to one consumer, and whether anything leads to each. @module */

import { definitionOf, type Policy, traitsOf } from "../../core/policy.ts";
import { isSecret } from "../../core/secret.ts";
import { apiKeyDefinition } from "../../policies/auth/api_key.ts";
import type { ApiKeyPlan } from "../../policies/auth/api_key_schema.ts";
import { chainsOf, type Draft } from "../draft.ts";
import type { DraftConsumer } from "../draft_consumer.ts";
import { type Finding, type Path, pathText } from "../finding.ts";
import { type PlacedPolicy, withParts } from "../policy_parts.ts";
import { HIDDEN_TEXT, seenText } from "../seen.ts";

/**
 * Credentials of two consumers, consumers that nothing finds out, policies of consumers that ask who it is themselves, and
 * `apiKey` without any key.
 */
export function checkConsumers(draft: Draft): Finding[] {
  const { consumers } = draft, asking = identityPolicies(draft);
  return [
    ...shared(consumers),
    ...consumers.flatMap(misplaced),
    ...withoutKeys(consumers, asking),
    ...unread(draft, asking),
  ];
}

/** The policies that find out who is asking, each once. */
function identityPolicies(draft: Draft): PlacedPolicy[] {
  const all = chainsOf(draft).flatMap(({ policies }) => policies.flatMap(withParts));
  const known = new Set<Policy>();
  return all.filter(({ policy }) => {
    if (known.has(policy) || traitsOf(policy).identity === undefined) return false;
    known.add(policy);
    return true;
  });
}

/** One credential of a consumer. */
interface Credential {
  /** What it is, beside what it says: two of them are the same when this is. */
  readonly id: readonly unknown[];
  readonly what: string;
  readonly at: Path;
  readonly on: "key" | "value";
  readonly seen: string;
}

function credentialsOf({ at, parsed }: DraftConsumer): Credential[] {
  if (parsed === undefined) return [];
  const value = (what: string, path: Path, id: readonly unknown[], seen: string): Credential => ({
    id: [what, ...id],
    what,
    at: [...at, ...path],
    on: "value",
    seen,
  });
  return [
    ...parsed.keys.map((key, i) => value("key", ["keys", i], [key], HIDDEN_TEXT)),
    ...parsed.subjects.map(({ issuer, subject }, i) =>
      value("subject", ["subjects", i], [issuer, subject], seenText(issuer === null ? subject : { issuer, subject }))
    ),
    ...parsed.users.map(({ user }): Credential => ({
      ...value("user", ["users", user], [user], seenText(user)),
      on: "key",
    })),
    ...parsed.certificates.map(({ of, value: mark }, i) =>
      value("certificate", ["certificates", i], [of, mark], seenText({ [of]: mark }))
    ),
  ];
}

function shared(consumers: readonly DraftConsumer[]): Finding[] {
  const first = new Map<string, Path>();
  return consumers.flatMap(credentialsOf).flatMap(({ id, what, at, on, seen }): Finding[] => {
    const text = JSON.stringify(id), earlier = first.get(text);
    if (earlier === undefined) {
      first.set(text, at);
      return [];
    }
    const message = `this ${what} is ${pathText(earlier)} already, and leads to one consumer only`;
    return [{ at, on, message, ...on === "key" ? {} : { seen }, remedy: `each ${what} once` }];
  });
}

function misplaced({ chain }: DraftConsumer): Finding[] {
  return chain.policies.flatMap(withParts).flatMap(({ at, policy }): Finding[] => {
    const { identity, outsideIdentity } = traitsOf(policy);
    if (identity === undefined && outsideIdentity !== true) return [];
    const why = identity === undefined
      ? "does its work before anybody asks who it is"
      : "asks who it is, which is known";
    return [{
      at,
      message: `${policy.kind} ${why}: a consumer's policies run behind that`,
      remedy: `${policy.kind} on the routes`,
    }];
  });
}

function withoutKeys(consumers: readonly DraftConsumer[], asking: readonly PlacedPolicy[]): Finding[] {
  if (consumers.some(({ parsed }) => parsed === undefined || parsed.keys.length > 0)) return [];
  return asking.filter(({ policy }) => definitionOf(policy) === apiKeyDefinition as unknown).flatMap(
    ({ at, policy }) => {
      const { consumers, keys, file, find } = policy.options as ApiKeyPlan;
      if (!consumers || keys.size > 0 || file !== undefined || find !== undefined) return [];
      const message = "no key would be good here: no consumer has one, and there are no others";
      return [{ at, message, remedy: 'keys of consumers, or of its own: keys: ["sha256:…"]' }];
    },
  );
}

/** Silent while there are policies of which it is not known what they do. */
function unread(draft: Draft, asking: readonly PlacedPolicy[]): Finding[] {
  const { consumers } = draft;
  if (consumers.length === 0 || !draft.complete || chainsOf(draft).some(({ complete }) => !complete)) return [];
  const warning = (at: Path, message: string, remedy: string): Finding => ({
    at,
    severity: "warning",
    on: "key",
    message,
    remedy,
  });
  if (asking.length === 0) {
    const message = "no policy finds out who is asking, so that no request is a consumer's";
    return [warning(["consumers"], message, "apiKey(), jwt({ … }) or another identity policy")];
  }
  return consumers.flatMap((consumer): Finding[] => {
    const { name, at, parsed } = consumer;
    if (parsed === undefined || credentialsOf(consumer).length > 0) return [];
    if (asking.some(({ policy }) => mayName(policy, name))) return [];
    const message = "nothing leads to this consumer: it has no credentials, and no identity policy names it";
    return [warning(at, message, "keys, subjects, users or certificates")];
  });
}

/** Kinds of which it is seen in the options whether they name a consumer. */
const OPEN: readonly string[] = ["apiKey", "jwt", "basicAuth", "mtls", "anyOf", "allOf", "optional"];

/** Whether requests can be the consumer's by this policy, without an entry for it. */
export function mayName(policy: Policy, name: string): boolean {
  return !OPEN.includes(policy.kind) || mentions(policy.options, name, []);
}

/** Whether the name stands among the options, or could come out of a function or a file. */
function mentions(value: unknown, name: string, around: readonly object[]): boolean {
  if (value === name || typeof value === "function") return true;
  if (typeof value !== "object" || value === null || around.includes(value) || definitionOf(value) !== undefined) {
    return false;
  }
  if (isSecret(value)) return value.file !== undefined;
  const inside = value instanceof Map ? [...value.values()] : Object.values(value);
  return inside.some((inner) => mentions(inner, name, [...around, value]));
}
