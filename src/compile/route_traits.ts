/** What the policies of a route are to those who ask whether it is protected. @module */

import { traitsOf } from "../core/policy.ts";
import type { PolicyPlan, RoutePlan } from "./plan.ts";

/** Kinds of a route's own policies that may keep requests out; the global ones are everyone's. */
export function guardsOf({ policies }: RoutePlan): string[] {
  return policies.filter(({ policy }) => traitsOf(policy).guard !== false).map(({ policy }) => policy.kind);
}

/** Whether nobody gets to the end of the chain without a good credential. */
export function needsIdentity(chain: readonly PolicyPlan[]): boolean {
  return chain.some(({ policy }) => traitsOf(policy).identity === "required");
}
