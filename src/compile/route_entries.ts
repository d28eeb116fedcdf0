/** Routes of the plan as the router takes them. @module */

import type { Exchange } from "../core/exchange.ts";
import { parseKey } from "../core/key.ts";
import type { Predicate } from "../routing/predicate.ts";
import type { RouteEntry } from "../routing/route_entry.ts";
import type { PredicatePlan, RoutePlan } from "./plan.ts";

/** A router's entry for a route of the plan. */
export function routeEntry<T>(route: RoutePlan, value: T): RouteEntry<T, Exchange> {
  return {
    id: route.id,
    pattern: route.path,
    methods: route.methods,
    hosts: route.hosts,
    predicates: route.predicates.map(predicate),
    value,
    source: route.source,
  };
}

function predicate({ of, name, match }: PredicatePlan): Predicate<Exchange> {
  return of === "key" ? { of, name, match, read: parseKey(name)! } : { of, name, match };
}
