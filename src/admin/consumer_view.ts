/** Consumers as people and programs look at them. @module */

import type { Plan } from "../compile/plan.ts";
import { type PolicyView, policyView } from "./policy_view.ts";

/** A consumer with policies of its own. None of its credentials is shown. */
export interface ConsumerView {
  readonly name: string;
  readonly groups: readonly string[];
  /** What its requests pass on every route, right behind the policy that finds out who is asking. */
  readonly chain: readonly PolicyView[];
}

/** The consumers for whose requests something else runs than for others'. */
export function consumerViews({ consumers }: Plan): ConsumerView[] {
  return consumers.filter(({ policies }) => policies.length > 0)
    .map(({ name, groups, policies }) => ({ name, groups, chain: policies.map(policyView) }));
}
