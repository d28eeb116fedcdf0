/** The invariants that a config states itself. @module */

import type { Invariant, InvariantRoute } from "../../core/invariant.ts";
import type { RouteFinding } from "./route_finding.ts";

/** Each invariant that does not hold, at each route that breaks it: errors. */
export function ownInvariants(
  routes: readonly (readonly [InvariantRoute, string])[],
  all: readonly Invariant[],
): RouteFinding[] {
  return routes.flatMap(([route, source]) =>
    all.flatMap((invariant): RouteFinding[] => {
      const broken = broke(invariant, route);
      if (broken === null) return [];
      return [{
        source,
        severity: "error",
        message: `${JSON.stringify(route.id)} breaks the invariant "${invariant.name}"${broken}`,
      }];
    })
  );
}

/** How it does not hold, as the end of a sentence; `null` where it does. */
function broke({ assert }: Invariant, route: InvariantRoute): string | null {
  let holds: unknown;
  try {
    holds = assert(route);
  } catch (error) {
    return `: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (holds === undefined || holds === true) return null;
  if (holds === false) return "";
  if (typeof holds === "string") return `: ${holds}`;
  // A promise, for instance, would always look as if all were well.
  return `: assert returned ${nameOf(holds)}, not true, false or a text`;
}

function nameOf(value: unknown): string {
  if (value instanceof Promise) return "a promise";
  return value === null || typeof value === "object" ? "an object" : `a ${typeof value}`;
}
