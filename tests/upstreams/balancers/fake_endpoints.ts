/** Endpoints that a test moves by hand. @module */

import type { Exchange } from "../../../src/core/exchange.ts";
import type { Balancer } from "../../../src/upstreams/balancers/balancer.ts";
import type { Endpoint } from "../../../src/upstreams/endpoint.ts";
import { makeExchange } from "../../support/exchange.ts";

/** An endpoint whose figures can be set. */
export type FakeEndpoint = { -readonly [key in keyof Endpoint]: Endpoint[key] };

/** An endpoint that is idle and was never measured. */
export function makeEndpoint(id: string, more: Partial<Endpoint> = {}): FakeEndpoint {
  const { weight = 1 } = more;
  return { id, weight, inFlight: 0, latency: 0, peakLatency: 0, errorRate: 0, preference: weight, ...more };
}

/** Endpoints a, b, c … (after z: e26, e27 …) with these weights. */
export function makeEndpoints(weights: readonly number[]): FakeEndpoint[] {
  return weights.map((weight, i) => makeEndpoint(i < 26 ? String.fromCharCode(97 + i) : `e${i}`, { weight }));
}

/** The n-th request, each from a user of its own. */
export function userExchange(n: number): Exchange {
  return makeExchange({ headers: [["x-user", `user-${n}`]] });
}

/** Ids of so many picks, one after the other. */
export function pickIds(balancer: Balancer, eligible: readonly Endpoint[], picks: number): string[] {
  const exchange = userExchange(0);
  return Array.from({ length: picks }, () => balancer.pick(eligible, exchange).id);
}

/** How often each endpoint is picked, in the endpoints' order. */
export function countPicks(balancer: Balancer, eligible: readonly Endpoint[], picks: number, first = 0): number[] {
  const counts = new Map(eligible.map((endpoint) => [endpoint, 0]));
  for (let i = 0; i < picks; i++) {
    const picked = balancer.pick(eligible, userExchange(first + i));
    counts.set(picked, (counts.get(picked) ?? 0) + 1);
  }
  return eligible.map((endpoint) => counts.get(endpoint) ?? 0);
}
