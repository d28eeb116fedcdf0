/**
 * The `optional` policy: a credential is not needed, but must be good where there is one.
 *
 * @module
 */

import { type GivesOf, type NeedsOf, type Policy, recordPolicy } from "../../core/policy.ts";
import type { IdentityDefinition } from "./authenticator.ts";
import { combinedDefinition, describeMember } from "./combined/combined_definition.ts";
import { factsOfAll } from "./combined/member_facts.ts";
import type { IdentityPolicy, Site } from "./combined/member_types.ts";
import { membersOf } from "./combined/members.ts";
import { type OptionalPlan, optionalSchema } from "./optional_schema.ts";

/**
 * Lets those pass too who show no credential; a bad one is refused as ever. Behind it `identity` may be missing, so that
 * `allow()` does not compile; keys that have something to fall back to, such as `["jwt:sub", "ip"]`, do.
 *
 * @example
 * ```ts
 * import { basicAuth, optional, secret } from "gatewright";
 *
 * const policy = optional(basicAuth({ file: secret.file("./.htpasswd") }));
 * console.log(policy.kind); // optional
 * ```
 */
export function optional<P>(
  policy: Site<P> & IdentityPolicy<P, "optional">,
): Policy<"optional", NeedsOf<P>, Exclude<GivesOf<P>, "identity">> {
  return recordPolicy(optionalDefinition, { optional: policy });
}

/** The `optional` policy's options, its facts and what it is built into. */
export const optionalDefinition: IdentityDefinition<OptionalPlan> = combinedDefinition({
  kind: "optional",
  schema: optionalSchema,
  holds: "optional",
  parts: ({ optional }) => [optional],
  optional: () => true,
  facts({ optional }) {
    const { needs, gives } = factsOfAll([optional]);
    return { needs, gives: gives.filter((fact) => fact !== "identity") };
  },
  describe: ({ optional }) => `optional: ${describeMember(optional)}`,
  authenticator: ({ optional }, env, id) => membersOf([optional], env, id)[0].authenticator,
});
