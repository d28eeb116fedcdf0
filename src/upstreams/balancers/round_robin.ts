/** Round robin that honours weights. @module */

import type { Endpoint } from "../endpoint.ts";
import type { Balancer } from "./balancer.ts";
import { Prepared } from "./prepared.ts";
import { SmoothTurns } from "./smooth_turns.ts";

/**
 * Smooth weighted round robin, as nginx does it: with weights 5, 1, 1 the order is a a b a c a a, not a a a a a b c.
 * Scores go along when the array changes, so that an endpoint that comes and goes, or a retry, leaves the order smooth.
 */
export class RoundRobin implements Balancer {
  readonly #turns = new Prepared((eligible) => this.#goOn(eligible));
  /** Scores as shares of the total, of endpoints that are, or were, in an array. */
  readonly #shares = new WeakMap<Endpoint, number>();

  pick(eligible: readonly Endpoint[]): Endpoint {
    const turns = this.#turns.of(eligible);
    if (turns !== null) return turns.next();
    return this.#turns.last?.nextOf(eligible) ?? this.#turns.make(eligible).next();
  }

  #goOn(eligible: readonly Endpoint[]): SmoothTurns {
    this.#turns.last?.shares((endpoint, share) => this.#shares.set(endpoint, share));
    return new SmoothTurns(eligible, (endpoint) => this.#shares.get(endpoint) ?? 0);
  }
}
