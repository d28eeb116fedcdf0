/** Which requests have a line in the access log. @module */

import type { RequestCompleted } from "../../core/events.ts";
import type { Random } from "../../core/random.ts";
import { hasFailed } from "../failures.ts";
import type { AccessLogPlan } from "../telemetry_plan.ts";

/**
 * Makes the choice: the share of the route, else of the gateway, and besides those that were slow or failed.
 *
 * @param shares of routes that have their own, by id
 * @returns `null` where every request has a line
 */
export function accessChoice(
  { sample, slow, errors }: AccessLogPlan,
  shares: ReadonlyMap<string, number>,
  random: Random,
): ((event: RequestCompleted) => boolean) | null {
  if (sample === 1 && [...shares.values()].every((share) => share === 1)) return null;
  return (event) => {
    const share = shares.get(event.route) ?? sample;
    return share === 1 || (share > 0 && random() < share) || (errors && hasFailed(event.error, event.status)) ||
      (slow !== null && event.duration > slow);
  };
}
