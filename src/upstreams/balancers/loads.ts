/** The least loaded of many endpoints. @module */

import type { Endpoint } from "../endpoint.ts";
import type { FairTurns, Turn } from "./fair_turns.ts";

/** Endpoints whose requests under way are read together. */
const BLOCK = 8;

/**
 * Finds the least loaded in blocks of eight. Of more than eight, each pick reads one block anew: that a request has
 * ended at one of a hundred is known at most thirteen picks later.
 */
export class Loads {
  readonly #turns: FairTurns;
  readonly #turn: readonly Turn[];
  /** How much one request is for each endpoint: 1 / weight. */
  readonly #request: Float64Array;
  /** By block: which endpoint was the least loaded when they were read last, and its load. */
  readonly #best: Int32Array;
  readonly #least: Float64Array;
  /** The block that is read next. */
  #block = 0;

  constructor(eligible: readonly Endpoint[], turns: FairTurns) {
    const blocks = Math.ceil(eligible.length / BLOCK);
    this.#turns = turns;
    this.#turn = eligible.map((endpoint) => turns.of(endpoint));
    this.#request = Float64Array.from(eligible, (endpoint) => 1 / endpoint.weight);
    this.#best = new Int32Array(blocks);
    this.#least = new Float64Array(blocks);
    for (let block = 0; block < blocks; block++) this.#read(eligible, block, -1);
  }

  /** The place of the endpoint that is picked. @param eligible the same array as ever */
  next(eligible: readonly Endpoint[]): number {
    const least = this.#least;
    this.#read(eligible, this.#block, -1);
    if (++this.#block === least.length) this.#block = 0;

    let block = 0;
    for (let i = 1; i < least.length; i++) if (least[i] < least[block]) block = i;
    const best = this.#best[block];
    this.#turns.take(this.#turn[best], this.#request[best]);
    if (block !== this.#block) this.#read(eligible, block, best);
    return best;
  }

  /** @param picked has a request more than it says yet; -1: none */
  #read(eligible: readonly Endpoint[], block: number, picked: number): void {
    const request = this.#request, turn = this.#turn, { now } = this.#turns;
    const end = Math.min((block + 1) * BLOCK, eligible.length);
    let best = -1, least = Infinity;
    for (let i = block * BLOCK; i < end; i++) {
      const { due } = turn[i], inFlight = i === picked ? eligible[i].inFlight + 1 : eligible[i].inFlight;
      const load = (due > now ? due : now) + inFlight * request[i];
      if (load >= least) continue;
      best = i;
      least = load;
    }
    this.#best[block] = best;
    this.#least[block] = least;
  }
}
