/** Which endpoint a slot of the hash belongs to. @module */

import type { Endpoint } from "../endpoint.ts";
import { hashText, mixBits } from "./hash_text.ts";

/** Endpoints that are read for each pick under a bound, on average: the sum of many changes little in a few picks. */
const READ_PER_PICK = 8;

/** Two hashes of an endpoint's id: one of 32 bits could be the same for two endpoints, which would never part. */
export interface EndpointHash {
  readonly one: number;
  readonly two: number;
}

/** Hashes an endpoint's id. */
export function hashEndpoint({ id }: Endpoint): EndpointHash {
  return { one: hashText(id, 1), two: hashText(id, 2) };
}

/**
 * Weighted rendezvous hashing: each endpoint draws a lot for each slot, which depends on nothing but its id, its weight
 * and the slot; the best lot has the slot. When an endpoint goes, its slots alone move, to all others by their weights;
 * when it is back, so are they. (D. G. Thaler, C. V. Ravishankar, "Using name-based mappings to increase hit rates",
 * 1998; weights: J. Resch, "New hashing algorithms for data storage", 2015)
 */
export class Rendezvous {
  readonly #endpoints: readonly Endpoint[];
  readonly #one: Int32Array;
  readonly #two: Int32Array;
  readonly #weights: Float64Array;
  readonly #total: number;
  /** Requests under way at all endpoints, and for how many picks this goes on to be believed. */
  #inFlight = 0;
  #left = 0;

  constructor(endpoints: readonly Endpoint[], hashOf: (endpoint: Endpoint) => EndpointHash) {
    const count = endpoints.length;
    this.#endpoints = endpoints;
    this.#one = new Int32Array(count);
    this.#two = new Int32Array(count);
    this.#weights = new Float64Array(count);
    let total = 0;
    for (let i = 0; i < count; i++) {
      const { one, two } = hashOf(endpoints[i]);
      this.#one[i] = one;
      this.#two[i] = two;
      total += this.#weights[i] = endpoints[i].weight;
    }
    this.#total = total;
  }

  /** The place of the endpoint that has the slot. */
  best(slot: number): number {
    return this.#best(slot, Infinity);
  }

  /**
   * The endpoint that has the slot if it has room, else the one with the next best lot that has: nobody gets more than
   * `bound` times its fair share of the requests under way, rounded up.
   * (V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent hashing with bounded loads", 2018)
   * @param best the place that {@link best} gave
   * @param bound from 1
   */
  bounded(slot: number, best: number, bound: number): number {
    if (this.#endpoints[best].inFlight === 0) return best;
    if (--this.#left <= 0) this.#addUp();
    if (this.#hasRoom(best, bound)) return best;
    // By the sum of a few picks ago. By today's there is always one with room.
    this.#addUp();
    return this.#hasRoom(best, bound) ? best : this.#best(slot, bound);
  }

  #hasRoom(i: number, bound: number): boolean {
    const fair = (this.#inFlight + 1) * this.#weights[i] / this.#total;
    return this.#endpoints[i].inFlight < Math.ceil(bound * fair);
  }

  #addUp(): void {
    this.#inFlight = 0;
    for (const endpoint of this.#endpoints) this.#inFlight += endpoint.inFlight;
    this.#left = Math.ceil(this.#endpoints.length / READ_PER_PICK);
  }

  /**
   * The least of exponential variables with the weights as rates: −ln(u) / weight.
   * @param bound as in {@link bounded}; infinite: there is room everywhere
   */
  #best(slot: number, bound: number): number {
    const weights = this.#weights;
    let best = 0, least = Infinity;
    for (let i = 0; i < weights.length; i++) {
      const lot = (mixBits(Math.imul(slot + this.#two[i], 0x9e3779b1) ^ this.#one[i]) + 1) / 2 ** 32;
      // −ln(u) ≥ 1 − u spares nearly all of the logarithms.
      if (1 - lot >= least * weights[i]) continue;
      const score = -Math.log(lot) / weights[i];
      if (score >= least) continue;
      if (bound !== Infinity && !this.#hasRoom(i, bound)) continue;
      best = i;
      least = score;
    }
    return best;
  }
}
