/** The identity policies that others are made of. @module */

import { z } from "zod";
import type { BuildEnv } from "../../../core/build_env.ts";
import { definitionOf, type Policy, traitsOf } from "../../../core/policy.ts";
import { listOf } from "../../../settings/shapes.ts";
import { type Authenticator, identityDefinitionOf } from "../authenticator.ts";

/** One of them, built. */
export interface Member {
  readonly kind: string;
  readonly authenticator: Authenticator;
  /** Whether those pass it who show nothing. */
  readonly optional: boolean;
}

/** JSON Schema of a policy: what stands in the schema of the whole config under this name. */
const POLICY = { $ref: "#/definitions/Policy" };

/** An identity policy whose own options are right. `by` is the policy that it is part of. */
export function memberSchema(by: string): z.ZodType<Policy, unknown> {
  return z.unknown().meta(POLICY).transform((input, context): Policy => {
    const definition = definitionOf(input), isIdentity = definition !== undefined && "authenticator" in definition;
    if (isIdentity) return input as Policy;
    const which = definition === undefined ? "this" : definition.kind;
    context.issues.push({
      code: "custom",
      input,
      message: `${by} takes identity policies; ${which} is none`,
      params: { remedy: "apiKey, jwt, basicAuth or another policy that finds out who is asking" },
    });
    return z.NEVER;
  });
}

/** A list of {@link memberSchema}. */
export function membersSchema(by: string): z.ZodType<Policy[], unknown> {
  return listOf("a list of identity policies", memberSchema(by), "at least one identity policy is needed");
}

/** Builds them. Their ids are made of the whole policy's, as those of routes' policies are of the route's. */
export function membersOf(policies: readonly Policy[], env: BuildEnv, id: string): Member[] {
  const seen = new Map<string, number>();
  return policies.map((policy) => {
    const { kind, options } = policy, definition = identityDefinitionOf(policy);
    if (definition === undefined) throw new TypeError(`${id}: ${kind} is no identity policy`);
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    const own = definition.id?.(options) ?? `${id}/${kind}${count === 1 ? "" : `#${count}`}`;
    return { kind, authenticator: definition.authenticator(options, env, own), optional: isOptional(policy) };
  });
}

/** Whether those pass who show nothing. */
export function isOptional(policy: Policy): boolean {
  return traitsOf(policy).identity === "optional";
}
