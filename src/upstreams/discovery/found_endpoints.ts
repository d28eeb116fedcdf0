/** Endpoints of the places that a lookup found. @module */

import { hostAuthority } from "../endpoint_authority.ts";
import type { EndpointPlan } from "../upstream_plan.ts";
import type { DnsPlan } from "./dns_plan.ts";
import type { Found } from "./resolve.ts";

/** What an endpoint of a config may weigh at most. */
const MAX_WEIGHT = 1000;

/**
 * The endpoints, in an order that does not depend on the answer's. Priorities become tiers, the lowest 0; weights larger
 * than 1000 shrink all of their tier, and 0 becomes 1 (RFC 2782: "a very small chance"). A place found twice is one
 * endpoint, of its lowest tier and there of its largest weight.
 */
export function foundEndpoints(
  upstream: string,
  { scheme }: Pick<DnsPlan, "scheme">,
  found: readonly Found[],
): readonly EndpointPlan[] {
  const places = new Map<string, Found>();
  for (const place of found) {
    const url = `${scheme}://${hostAuthority({ scheme, ...place })}`, other = places.get(url);
    if (other === undefined || comesBefore(place, other)) places.set(url, place);
  }
  const tiers = [...new Set(places.values().map(({ priority }) => priority))].sort((a, b) => a - b);
  const heaviest = new Map<number, number>();
  for (const { priority, weight } of places.values()) {
    heaviest.set(priority, Math.max(weight, heaviest.get(priority) ?? MAX_WEIGHT));
  }
  return [...places].sort(([a], [b]) => a < b ? -1 : 1).map(([url, { hostname, port, priority, weight }]) => ({
    id: `${upstream}/${url}`,
    url,
    scheme,
    address: { kind: "tcp", hostname, port },
    weight: Math.max(1, Math.round(weight * MAX_WEIGHT / heaviest.get(priority)!)),
    tier: tiers.indexOf(priority),
    maxInFlight: null,
    demo: null,
  }));
}

function comesBefore(a: Found, b: Found): boolean {
  return a.priority === b.priority ? a.weight > b.weight : a.priority < b.priority;
}
