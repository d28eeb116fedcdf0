/** The better of two. @module */

import type { Random } from "../../core/random.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Balancer } from "./balancer.ts";

/**
 * The less loaded of two different endpoints picked by chance: nearly as even as the least loaded of all, at the cost of
 * two looks, and without the rush to one endpoint when many look at once.
 * (M. Mitzenmacher, "The power of two choices in randomized load balancing", 2001)
 */
export class PowerOfTwo implements Balancer {
  readonly #random: Random;
  readonly #load: (endpoint: Endpoint) => number;

  /** @param load what is compared; by default the requests under way */
  constructor(random: Random, load: (endpoint: Endpoint) => number = (endpoint) => endpoint.inFlight) {
    this.#random = random;
    this.#load = load;
  }

  pick(eligible: readonly Endpoint[]): Endpoint {
    const count = eligible.length;
    if (count === 1) return eligible[0];
    const first = Math.floor(this.#random() * count);
    const other = Math.floor(this.#random() * (count - 1));
    const one = eligible[first], two = eligible[other < first ? other : other + 1];
    return this.#load(two) < this.#load(one) ? two : one;
  }
}
