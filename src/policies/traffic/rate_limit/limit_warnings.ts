/** Limits that clients can get around. @module */

import type { PolicyWarning } from "../../../core/policy.ts";
import type { LimitPlan } from "./rate_limit_plan.ts";
import { WRITTEN_BY_CLIENTS } from "./written_by_clients.ts";

/** What `check` says of limits that are right, and that no client need heed. */
export function limitWarnings(limits: readonly LimitPlan[]): PolicyWarning[] {
  return [...tiersAtWill(limits), ...keysAtWill(limits)];
}

/** Tiers that clients choose for themselves. */
function tiersAtWill(limits: readonly LimitPlan[]): PolicyWarning[] {
  return limits.flatMap(({ limit }, i): PolicyWarning[] => {
    if (typeof limit === "number" || !WRITTEN_BY_CLIENTS.test(limit.by)) return [];
    return [{
      at: [...(limits.length === 1 ? [] : ["limits", i]), "limit", "by"],
      message: `every client can write ${limit.by}, and so have the limit that it likes best`,
      seen: limit.by,
      remedy: 'a fact such as "jwt:…" or "consumer", unless something in front sets it and lets nobody else',
    }];
  });
}

/** Limits that a client evades which writes something else each time. */
function keysAtWill(limits: readonly LimitPlan[]): PolicyWarning[] {
  const atWill = limits.map(({ key }) =>
    typeof key === "function" ? undefined : key.find((key) => WRITTEN_BY_CLIENTS.test(key))
  );
  if (atWill.includes(undefined)) return [];
  return [{
    at: limits.length === 1 ? ["key"] : ["limits"],
    message: `a client that writes another ${atWill[0]} each time is never limited`,
    remedy: 'a second limit, by "ip" or "global", or a fact such as "jwt:sub" or "consumer"',
  }];
}
