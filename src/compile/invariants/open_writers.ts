/** Routes that change something for anybody. @module */

import type { InvariantRoute } from "../../core/invariant.ts";
import { traitsOf } from "../../core/policy.ts";
import { hasFixedAnswer } from "./invariant_routes.ts";
import type { RouteFinding } from "./route_finding.ts";

/**
 * Routes that write and ask nobody who they are. Only in a config that asks somewhere: one without any identity policy
 * leaves the matter to its upstreams, or to nobody, and knows it.
 */
export function openWriters(routes: readonly (readonly [InvariantRoute, string])[]): RouteFinding[] {
  if (!routes.some(([route]) => asksWho(route))) return [];
  return routes.filter(([route]) => route.writes && !route.public && !hasFixedAnswer(route) && !asksWho(route))
    .map(([{ id, methods }, source]): RouteFinding => ({
      source,
      severity: "warning",
      message: `"${id}" takes ${methods.length === 0 ? "every method" : methods.join(", ")} from anybody: ` +
        "no policy of its chain asks who it is",
      remedy: "an identity policy such as jwt({ … }), fewer methods, or public: true where that is meant",
    }));
}

/** Whether a policy asks, be it to let those pass who do not answer. */
function asksWho({ policies }: InvariantRoute): boolean {
  return policies.some((policy) => traitsOf(policy).identity !== undefined);
}
