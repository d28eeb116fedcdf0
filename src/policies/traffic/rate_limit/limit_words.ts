/** Rate limits in words, for `routes`. @module */

import { formatDuration } from "../../../core/units.ts";
import { describeKey } from "../../keys/key_spec.ts";
import type { LimitPlan, RateLimitPlan } from "./rate_limit_plan.ts";
import { WRITTEN_BY_CLIENTS } from "./written_by_clients.ts";

/** `rateLimit: 10 per 1s and 1000 per 1h (sliding-window) by ip, in store limits`. */
export function rateLimitInWords(plan: RateLimitPlan): string {
  const { limits, exempt, dryRun, store } = plan;
  return [
    `rateLimit: ${limitsInWords(limits)}`,
    ...(plan.cost === 1 && plan.costHeader === null ? [] : [`cost ${costInWords(plan)}`]),
    ...(exempt.length === 0 ? [] : [`except ${exempt.map(exemptInWords).join(", ")}`]),
    ...(store === undefined ? [] : [`in store ${store}`]),
    ...(dryRun ? ["dry run"] : []),
  ].join(", ");
}

/** `10 per 1s and 1000 per 1h by ip`, or each with its own key. */
function limitsInWords(limits: readonly LimitPlan[]): string {
  const keys = limits.map(({ key }) => describeKey(key)), alike = new Set(keys).size === 1;
  const words = limits.map((limit, i) => limitInWords(limit) + (alike ? "" : ` by ${keys[i]}`));
  return words.join(" and ") + (alike ? ` by ${keys[0]}` : "");
}

function limitInWords({ algorithm, limit, per, burst, maxDelay }: LimitPlan): string {
  const rate = typeof limit === "number"
    ? `${limit}`
    : `${
      Object.entries(limit.is).map(([value, limit]) => `${value} ${limit}`).join(", ")
    }, else ${limit.otherwise} (${limit.by})`;
  const details = [
    ...(algorithm.name === "token-bucket" ? [] : [algorithm.name]),
    ...(burst === undefined ? [] : [`burst ${burst}`]),
    ...(maxDelay === 0 ? [] : [`held up to ${formatDuration(maxDelay)}`]),
  ];
  return `${rate} per ${formatDuration(per)}${details.length === 0 ? "" : ` (${details.join(", ")})`}`;
}

/** Values of a field may be credentials. */
function exemptInWords({ key, values }: RateLimitPlan["exempt"][number]): string {
  const shown = WRITTEN_BY_CLIENTS.test(key)
    ? `${values.length} ${values.length === 1 ? "value" : "values"}`
    : values.join(" ");
  return `${key} ${shown}`;
}

function costInWords({ cost, costHeader }: RateLimitPlan): string {
  const before = typeof cost === "number" ? `${cost}` : "by a function";
  return costHeader === null ? before : `${before}, then by ${costHeader}`;
}
