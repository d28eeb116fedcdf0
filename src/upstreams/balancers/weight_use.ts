/** Which balancers have a use for weights. @module */

import type { BalancePlan } from "./balance_plan.ts";

type Kind = BalancePlan["kind"];

/** A weight that starts low moves keys from endpoint to endpoint under `hash`; a custom balancer may not be ready for it. */
const USES: Readonly<Record<Kind, "no weights" | "fixed weights" | "changing weights">> = {
  "round-robin": "changing weights",
  random: "changing weights",
  "least-requests": "changing weights",
  "weighted-latency": "changing weights",
  hash: "fixed weights",
  custom: "fixed weights",
  p2c: "no weights",
  "peak-ewma": "no weights",
};

/** Whether an endpoint's `weight` means something to the balancer. */
export function usesWeights(kind: Kind): boolean {
  return USES[kind] !== "no weights";
}

/** Whether `slowStart`, which is a weight that grows, means something to the balancer. */
export function usesSlowStart(kind: Kind): boolean {
  return USES[kind] === "changing weights";
}
