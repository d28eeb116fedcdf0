/** Policies as nodes of the plan. @module */

import { definitionOf, type Policy } from "../core/policy.ts";
import type { PolicyPlan } from "./plan.ts";

/** Gives each policy of a chain its id: its own, or `<scope>/<kind>`, with `#2` for the second of its kind. */
export function policyNodes(policies: readonly Policy[], scope: string): PolicyPlan[] {
  const seen = new Map<string, number>();
  return policies.map((policy) => {
    const count = (seen.get(policy.kind) ?? 0) + 1;
    seen.set(policy.kind, count);
    const definition = definitionOf(policy);
    return {
      id: definition?.id?.(policy.options) ?? `${scope}/${policy.kind}${count === 1 ? "" : `#${count}`}`,
      policy,
      summary: definition?.describe?.(policy.options) ?? policy.kind,
    };
  });
}
