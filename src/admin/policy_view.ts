/** Policies as people and programs look at them. @module */

import type { PolicyPlan } from "../compile/plan.ts";

/** One policy of a chain. */
export interface PolicyView {
  readonly id: string;
  readonly kind: string;
  readonly summary: string;
}

/** One policy without its options. */
export function policyView({ id, policy, summary }: PolicyPlan): PolicyView {
  return { id, kind: policy.kind, summary };
}
