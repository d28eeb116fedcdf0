/** Policies of the plan, built. @module */

import type { BuildEnv } from "../core/build_env.ts";
import type { Middleware } from "../core/handler.ts";
import { definitionOf, type PolicyTraits, traitsOf } from "../core/policy.ts";
import type { PolicyPlan } from "./plan.ts";

/** A policy, ready to be folded into chains. */
export interface BuiltPolicy {
  readonly middleware: Middleware;
  readonly traits: PolicyTraits;
}

/** @throws TypeError for what no factory made, and whatever the policy's own `build` throws */
export function buildPolicy({ id, policy }: PolicyPlan, env: BuildEnv): BuiltPolicy {
  const definition = definitionOf(policy);
  if (definition === undefined) throw new TypeError(`${id} was not made by a policy factory`);
  const middleware = definition.build(policy.options, { ...env, log: env.log.in(`policies.${policy.kind}`) }, id);
  return {
    middleware: env.tracing?.policy(middleware, { id, kind: policy.kind }) ?? middleware,
    traits: traitsOf(policy),
  };
}
