/** Routes of a plan, as invariants see them. @module */

import type { InvariantRoute } from "../../core/invariant.ts";
import { traitsOf } from "../../core/policy.ts";
import type { PolicyPlan, RoutePlan } from "../plan.ts";
import { targetUpstreams } from "../target_upstreams.ts";

/** Methods that change nothing (RFC 9110 §9.2.1). */
const SAFE: readonly string[] = ["GET", "HEAD", "OPTIONS", "TRACE"];

/** A route of the plan in the eyes of its invariants. */
export function invariantRoute(route: RoutePlan, global: readonly PolicyPlan[]): InvariantRoute {
  const policies = [...global, ...route.policies].map(({ policy }) => policy);
  return Object.freeze({
    id: route.id,
    path: route.path,
    hosts: route.hosts,
    methods: route.methods,
    policies,
    target: route.target.kind,
    upstreams: targetUpstreams(route.target),
    writes: route.methods.length === 0 || route.methods.some((method) => !SAFE.includes(method)),
    identified: policies.some((policy) => traitsOf(policy).identity === "required"),
    public: route.public,
    has: (kind: string) => policies.some((policy) => policy.kind === kind),
  });
}

/** Whether every request gets what the config says: it can change nothing, and read nothing that is not for everybody. */
export function hasFixedAnswer({ target }: InvariantRoute): boolean {
  return target === "redirect" || target === "respond";
}
