/** Whether there can be the consumers that `allow` lets pass. @module */

import { definitionOf } from "../../core/policy.ts";
import { IDENTITY_FACTS } from "../../policies/auth/authenticator.ts";
import { allowDefinition } from "../../policies/auth/allow.ts";
import type { AllowPlan } from "../../policies/auth/allow_schema.ts";
import { nearest } from "../../settings/nearest.ts";
import { chainsOf, type Draft } from "../draft.ts";
import type { DraftPolicy } from "../draft_chain.ts";
import type { Finding } from "../finding.ts";
import { withParts } from "../policy_parts.ts";
import { seenText } from "../seen.ts";
import { mayName } from "./consumers.ts";

/** Names of `allow` that are no consumer's, each policy once. Silent while it is not known who says whose a request is. */
export function checkAllowedConsumers(draft: Draft): Finding[] {
  const { consumers, complete } = draft, chains = chainsOf(draft);
  if (!complete || chains.some((chain) => !chain.complete)) return [];
  const policies = chains.flatMap((chain) => chain.policies), names = consumers.map(({ name }) => name);
  const asking = policies.filter(knows).flatMap(withParts);
  const isNobody = (name: string) => !names.includes(name) && !asking.some(({ policy }) => mayName(policy, name));
  const allowing = policies.filter(({ policy }) => definitionOf(policy) === allowDefinition);
  const once = new Map(allowing.map((one) => [one.policy, one] as const).toReversed());
  return [...once.values()].flatMap(({ at, policy }) =>
    ((policy.options as AllowPlan).consumers ?? []).filter(isNobody).map((name): Finding => {
      const meant = nearest(name, names), message = "there is no consumer of this name";
      return {
        at: [...at, "consumers"],
        severity: "warning",
        message: meant === undefined ? message : `${message}, did you mean "${meant}"?`,
        seen: seenText(name),
        remedy: meant === undefined ? `an entry ${name} under consumers` : JSON.stringify(meant),
      };
    })
  );
}

/** Whether it finds out who is asking, be it a policy of somebody's own. */
function knows({ facts }: DraftPolicy): boolean {
  return IDENTITY_FACTS.some((fact) => facts.gives?.includes(fact));
}
