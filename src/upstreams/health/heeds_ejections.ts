/** Whether ejections still count. @module */

import type { OutlierPlan } from "./outlier_plan.ts";

/**
 * Whether ejected endpoints are left out, given the endpoints that active checks leave.
 *
 * Not when nobody else is left: an endpoint that was the other one may have gone down, or away, since the ejection. And
 * not while the share of those that are not ejected is below the plan's `panicThreshold`: then ejecting is likely to do
 * more harm than the endpoints do.
 * @param total endpoints that are up by active checks (all, where there are none)
 * @param ejected how many of these are ejected
 */
export function heedsEjections(
  { panicThreshold }: Pick<OutlierPlan, "panicThreshold">,
  total: number,
  ejected: number,
): boolean {
  return ejected < total && (total - ejected) / total >= panicThreshold;
}
