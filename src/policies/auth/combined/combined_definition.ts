/** What `anyOf`, `allOf` and `optional` have in common. @module */

import { definitionOf, type Policy } from "../../../core/policy.ts";
import { authenticating, type IdentityDefinition } from "../authenticator.ts";

/** A definition without what follows from {@link optional}. */
export interface CombinedInit<Parsed> extends Omit<IdentityDefinition<Parsed>, "build" | "traits"> {
  /** Whether those pass who show nothing. */
  optional(options: Parsed): boolean;
}

/** Completes the definition of an identity policy that is made of others. */
export function combinedDefinition<Parsed>(
  { optional, ...definition }: CombinedInit<Parsed>,
): IdentityDefinition<Parsed> {
  return {
    ...definition,
    traits: (options) => ({ identity: optional(options) ? "optional" : "required" }),
    build: (options, env, id) => authenticating(definition.authenticator(options, env, id), optional(options)),
  };
}

/** What a member does, in a few words. */
export function describeMember(policy: Policy): string {
  return definitionOf(policy)?.describe?.(policy.options) ?? policy.kind;
}
