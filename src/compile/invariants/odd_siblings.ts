/** Routes that lack the guard which all their neighbours have. @module */

import type { InvariantRoute } from "../../core/invariant.ts";
import { traitsOf } from "../../core/policy.ts";
import { hasFixedAnswer } from "./invariant_routes.ts";
import type { RouteFinding } from "./route_finding.ts";

/** So many others must agree: of two routes nobody can say which is the odd one. */
const FEWEST_OTHERS = 2;
/** All ways to ask who it is count as one: the neighbours may ask in another way. */
const IDENTITY = "an identity policy";

type Placed = readonly [route: InvariantRoute, source: string];

/** A route without a guard, and how many of its neighbours have it. */
interface Odd {
  readonly placed: Placed;
  readonly guard: string;
  readonly others: number;
}

/**
 * Routes below a common prefix of which all but one have a guard: the kind of slip that opens one door in a row of locked
 * ones. Those that may lack it on purpose do not count: nor do they hide another that has forgotten it. Each route and
 * guard is told once, for the longest prefix that shows it.
 */
export function oddSiblings(routes: readonly Placed[]): RouteFinding[] {
  const families = new Map<string, Placed[]>(), told = new Set<string>();
  for (const placed of routes) {
    for (const prefix of prefixesOf(placed[0])) families.set(prefix, [...families.get(prefix) ?? [], placed]);
  }
  const longestFirst = [...families].toSorted(([a], [b]) => b.length - a.length);
  return longestFirst.flatMap(([family, members]) => {
    const prefix = family.slice(family.indexOf("/"));
    return oddOnes(members).flatMap(({ placed: [route, source], guard, others }): RouteFinding[] => {
      const fact = `${source} ${guard}`;
      if (told.has(fact)) return [];
      told.add(fact);
      const message = `"${route.id}" lacks ${guard}, which ${others} other routes below ${prefix} have`;
      const remedy = guard === IDENTITY
        ? "one, or public: true where that is meant"
        : `${guard}, or the guard on none of them`;
      return [{ source, severity: "warning", message, remedy }];
    });
  });
}

/** The one member without it, for each guard that the others have. */
function oddOnes(members: readonly Placed[]): Odd[] {
  if (members.length <= FEWEST_OTHERS) return [];
  const guarded = members.map((placed) => ({ placed, guards: guardsOf(placed[0]) }));
  const all = new Set(guarded.flatMap(({ guards }) => [...guards]));
  return [...all].flatMap((guard): Odd[] => {
    const without = guarded.filter(({ guards }) => !guards.has(guard)), others = members.length - without.length;
    const odd = without.filter(({ placed }) => !mayLack(placed[0], guard));
    return odd.length === 1 && others >= FEWEST_OTHERS ? [{ placed: odd[0].placed, guard, others }] : [];
  });
}

function mayLack(route: InvariantRoute, guard: string): boolean {
  return hasFixedAnswer(route) || (guard === IDENTITY && route.public);
}

function guardsOf({ policies }: InvariantRoute): Set<string> {
  return new Set(policies.flatMap((policy) => {
    const { identity, guard } = traitsOf(policy);
    if (identity !== undefined) return identity === "required" ? [IDENTITY] : [];
    return guard === false ? [] : [policy.kind];
  }));
}

/** Hosts and each beginning of the path that has no parameter: `/api`, `/api/users`. */
function prefixesOf({ path, hosts }: InvariantRoute): string[] {
  const segments = path.split("/").slice(1), literal = segments.findIndex((segment) => /^[:*{]/.test(segment));
  const count = literal < 0 ? segments.length : literal;
  return segments.slice(0, count).map((_, i) => `${hosts.toSorted().join()}/${segments.slice(0, i + 1).join("/")}`)
    .filter((prefix) => !prefix.endsWith("/"));
}
