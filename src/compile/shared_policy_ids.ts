/** Policies of one id, which count together: they must be the same. @module */

import { pathText } from "../config/finding.ts";
import type { Issue } from "../core/issue.ts";
import { definitionOf, type Policy } from "../core/policy.ts";
import type { ConsumerPlan, PolicyPlan, RoutePlan } from "./plan.ts";

/**
 * Each policy whose own id another one has that is not the same. Functions are the same only if they are one. That ids are
 * made of routes' ids which are not unique is told of the routes.
 */
export function sharedPolicyIds(
  global: readonly PolicyPlan[],
  consumers: readonly ConsumerPlan[],
  routes: readonly RoutePlan[],
): Issue[] {
  const first = new Map<string, { readonly policy: Policy; readonly path: string }>(), issues: Issue[] = [];
  const chains = [
    { path: "policies", nodes: global },
    ...consumers.map(({ name, policies }) => ({ path: pathText(["consumers", name, "policies"]), nodes: policies })),
    ...routes.map(({ source, policies }) => ({ path: `${source}.policies`, nodes: policies })),
  ];
  for (const { path, nodes } of chains) {
    nodes.forEach(({ id, policy }, i) => {
      const at = `${path}[${i}]`, earlier = first.get(id);
      if (earlier === undefined) return void first.set(id, { policy, path: at });
      if (!hasOwnId(policy) && !hasOwnId(earlier.policy)) return;
      if (same(policy.options, earlier.policy.options) && policy.kind === earlier.policy.kind) return;
      const message = `its id "${id}" is that of ${earlier.path} too, which is another policy`;
      issues.push({ severity: "error", path: at, message, remedy: "another id, or the same options" });
    });
  }
  return issues;
}

function hasOwnId(policy: Policy): boolean {
  return definitionOf(policy)?.id?.(policy.options) !== undefined;
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Map) return b instanceof Map && same([...a], [...b]);
  const keys = Object.keys(a), others = b as Record<string, unknown>;
  return keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(others, key) && same((a as Record<string, unknown>)[key], others[key]));
}
