/** The same endpoint for the same key. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { KeyReader } from "../../core/key.ts";
import type { Random } from "../../core/random.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Balancer } from "./balancer.ts";
import { hashText } from "./hash_text.ts";
import { Prepared } from "./prepared.ts";
import { type EndpointHash, hashEndpoint, Rendezvous } from "./rendezvous.ts";
import { WeightedRandom } from "./weighted_random.ts";

/** Enough for shares within 10 % of their weights at a hundred endpoints (a standard deviation of 4 %). */
const SLOT_BITS = 16;

/**
 * Consistent hashing: a table of slots as in Maglev, each of which belongs to an endpoint by weighted rendezvous. A slot
 * is filled when it is first asked for, so that nothing is built when endpoints come or go; and as a slot's endpoint
 * depends on nothing but who is there, a retry, an ejection or a restart moves the keys of the missing endpoint alone.
 */
export class ConsistentHash implements Balancer {
  readonly #keys: readonly KeyReader[];
  readonly #bound: number | null;
  readonly #anyone: WeightedRandom;
  readonly #hashes = new WeakMap<Endpoint, EndpointHash>();
  readonly #tables = new Prepared((eligible) => new SlotTable(this.#rendezvous(eligible)));

  /**
   * @param keys the first that is present counts; without any, chance picks by weight
   * @param bound most load of an endpoint, as a multiple of its fair share, from 1; `null`: no bound
   */
  constructor(keys: readonly KeyReader[], bound: number | null, random: Random) {
    this.#keys = keys;
    this.#bound = bound;
    this.#anyone = new WeightedRandom(random);
  }

  pick(eligible: readonly Endpoint[], exchange: Exchange): Endpoint {
    const key = this.#key(exchange);
    if (key === undefined) return this.#anyone.pick(eligible);
    const slot = hashText(key) >>> (32 - SLOT_BITS);
    const table = this.#tables.of(eligible);
    const rendezvous = table === null ? this.#rendezvous(eligible) : table.rendezvous;
    const best = table === null ? rendezvous.best(slot) : table.at(slot);
    return eligible[this.#bound === null ? best : rendezvous.bounded(slot, best, this.#bound)];
  }

  #key(exchange: Exchange): string | undefined {
    for (let i = 0; i < this.#keys.length; i++) {
      const value = this.#keys[i](exchange);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #rendezvous(eligible: readonly Endpoint[]): Rendezvous {
    return new Rendezvous(eligible, (endpoint) => {
      let hash = this.#hashes.get(endpoint);
      if (hash === undefined) this.#hashes.set(endpoint, hash = hashEndpoint(endpoint));
      return hash;
    });
  }
}

/** What rendezvous said of each slot, once it was asked. */
class SlotTable {
  readonly rendezvous: Rendezvous;
  /** By slot: the endpoint's place in the array, counted from 1; 0 is not asked yet. */
  readonly #places = new Uint32Array(1 << SLOT_BITS);

  constructor(rendezvous: Rendezvous) {
    this.rendezvous = rendezvous;
  }

  at(slot: number): number {
    const place = this.#places[slot];
    if (place !== 0) return place - 1;
    const best = this.rendezvous.best(slot);
    this.#places[slot] = best + 1;
    return best;
  }
}
