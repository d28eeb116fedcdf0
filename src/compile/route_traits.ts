/** What the policies of a route are to those who ask whether it is protected. @module */

import { traitsOf } from "../core/policy.ts";
import type { RoutePlan } from "./plan.ts";

/** Kinds of a route's own policies that may keep requests out; the global ones are everyone's. */
export function guardsOf({ policies }: RoutePlan): string[] {
  return policies.filter(({ policy }) => traitsOf(policy).guard !== false).map(({ policy }) => policy.kind);
}
