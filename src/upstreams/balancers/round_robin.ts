/** Round robin that honours weights. @module */

import type { Endpoint } from "../endpoint.ts";
import type { Balancer } from "./balancer.ts";

/**
 * Smooth weighted round robin, as nginx does it: each pick adds every endpoint's weight to its score, takes the highest
 * score and charges the total to it. With weights 5, 1, 1 the order is a a b a c a a, not a a a a a b c.
 */
export class RoundRobin implements Balancer {
  /** By the endpoint's place in the upstream's list. */
  readonly #scores: number[];

  constructor(endpoints: number) {
    this.#scores = new Array<number>(endpoints).fill(0);
  }

  pick(eligible: readonly Endpoint[]): Endpoint {
    const scores = this.#scores;
    let best = eligible[0], total = 0;
    for (let i = 0; i < eligible.length; i++) {
      const endpoint = eligible[i];
      total += endpoint.weight;
      scores[endpoint.index] += endpoint.weight;
      if (scores[endpoint.index] > scores[best.index]) best = endpoint;
    }
    scores[best.index] -= total;
    return best;
  }
}
