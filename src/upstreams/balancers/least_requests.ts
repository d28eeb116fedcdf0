/** Whoever has least to do. @module */

import type { Endpoint } from "../endpoint.ts";
import type { Balancer } from "./balancer.ts";
import { FairTurns } from "./fair_turns.ts";
import { Loads } from "./loads.ts";
import { Prepared } from "./prepared.ts";

/**
 * The endpoint with the fewest requests under way for its weight. Among equals the turns go round by weight, as light
 * traffic finds nearly all of them idle.
 */
export class LeastRequests implements Balancer {
  readonly #turns = new FairTurns();
  readonly #loads = new Prepared((eligible) => new Loads(eligible, this.#turns));

  pick(eligible: readonly Endpoint[]): Endpoint {
    const loads = this.#loads.of(eligible);
    return eligible[loads === null ? this.#turns.next(eligible) : loads.next(eligible)];
  }
}
