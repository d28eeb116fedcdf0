/** Whether policies stand on the right side of those that ask who it is. @module */

import { traitsOf } from "../../core/policy.ts";
import type { Draft, DraftRoute } from "../draft.ts";
import type { DraftPolicy } from "../draft_chain.ts";
import type { Finding } from "../finding.ts";

/** Policies behind an identity policy that must stand before it, and identity policies of public routes. */
export function checkPolicyOrder({ policies, routes }: Draft): Finding[] {
  const before = policies.policies.find(({ policy }) => traitsOf(policy).identity !== undefined);
  return [
    ...tooFarIn(policies.policies, undefined),
    ...routes.flatMap(({ chain }) => tooFarIn(chain.policies, before)),
    ...routes.flatMap((route) => notPublic(route, policies.policies)),
  ];
}

/** @param before what asks in the chain around this one */
function tooFarIn(chain: readonly DraftPolicy[], before: DraftPolicy | undefined): Finding[] {
  let identity = before;
  return chain.flatMap((one): Finding[] => {
    const { identity: asks, outsideIdentity } = traitsOf(one.policy);
    if (asks !== undefined) identity ??= one;
    if (outsideIdentity !== true || identity === undefined) return [];
    const { kind } = one.policy, guard = identity.policy.kind;
    return [{
      at: one.at,
      message: `${kind} stands behind ${guard}, so that it does nothing for requests that ${guard} refuses`,
      remedy: `${kind} before ${guard}`,
    }];
  });
}

function notPublic({ at, written, chain }: DraftRoute, global: readonly DraftPolicy[]): Finding[] {
  if (written.public !== true) return [];
  const asks = [...global, ...chain.policies].find(({ policy }) => traitsOf(policy).identity === "required");
  if (asks === undefined) return [];
  const message = `the route says that it is public, and ${asks.policy.kind} lets nobody pass without a credential`;
  return [{ at: [...at, "public"], on: "key", message, remedy: "no public: true, or no identity policy in its chain" }];
}
