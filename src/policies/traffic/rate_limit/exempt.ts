/** Requests that are not counted. @module */

import type { Exchange } from "../../../core/exchange.ts";
import { parseKey } from "../../../core/key.ts";
import { CidrSet, isCidrError } from "../../../http/cidr.ts";
import type { ExemptPlan } from "./rate_limit_plan.ts";

/** Prepares the question whether a request is exempt; `null` where none is. */
export function exemptTest(plans: readonly ExemptPlan[]): ((exchange: Exchange) => boolean) | null {
  const tests = plans.map(exemptBy);
  if (tests.length === 0) return null;
  return (exchange) => {
    for (let i = 0; i < tests.length; i++) if (tests[i](exchange)) return true;
    return false;
  };
}

function exemptBy({ key, values }: ExemptPlan): (exchange: Exchange) => boolean {
  if (key === "ip") {
    const blocks = CidrSet.parse(values);
    if (isCidrError(blocks)) {
      throw new TypeError(blocks.issues.map(({ seen, error }) => `${seen}: ${error}`).join("; "));
    }
    return (exchange) => blocks.has(exchange.client.ip);
  }
  const read = parseKey(key), set = new Set(values);
  if (read === undefined) throw new TypeError(`"${key}" is not a key`);
  return (exchange) => {
    const value = read(exchange);
    return value !== undefined && set.has(value);
  };
}
