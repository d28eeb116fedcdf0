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
  /** By block: which endpoint was the least loaded when they were read last, when its turn was due, and what it had under way. */
  readonly #best: Int32Array;
  readonly #due: Float64Array;
  readonly #busy: Float64Array;
  /** The block that is read next. */
  #block = 0;

  constructor(eligible: readonly Endpoint[], turns: FairTurns) {
    const blocks = Math.ceil(eligible.length / BLOCK);
    this.#turns = turns;
    this.#turn = eligible.map((endpoint) => turns.of(endpoint));
    this.#request = Float64Array.from(eligible, (endpoint) => 1 / endpoint.weight);
    this.#best = new Int32Array(blocks);
    this.#due = new Float64Array(blocks);
    this.#busy = new Float64Array(blocks);
    for (let block = 0; block < blocks; block++) this.#read(eligible, block, -1);
  }

  /** The place of the endpoint that is picked. @param eligible the same array as ever */
  next(eligible: readonly Endpoint[]): number {
    const blocks = this.#best.length;
    this.#read(eligible, this.#block, -1);
    if (++this.#block === blocks) this.#block = 0;

    // Time has passed since most of them were read, and a turn that is not used is lost.
    const due = this.#due, busy = this.#busy, { now } = this.#turns;
    let block = 0, least = Infinity;
    for (let i = 0; i < blocks; i++) {
      const load = (due[i] > now ? due[i] : now) + busy[i];
      if (load >= least) continue;
      block = i;
      least = load;
    }
    const best = this.#best[block];
    this.#turns.take(this.#turn[best], this.#request[best]);
    if (block !== this.#block) this.#read(eligible, block, best);
    return best;
  }

  /** @param picked has a request more than it says yet; -1: none */
  #read(eligible: readonly Endpoint[], block: number, picked: number): void {
    const request = this.#request, turn = this.#turn, { now } = this.#turns;
    const end = Math.min((block + 1) * BLOCK, eligible.length);
    let best = -1, least = Infinity, busyBest = 0;
    for (let i = block * BLOCK; i < end; i++) {
      const { due } = turn[i], inFlight = i === picked ? eligible[i].inFlight + 1 : eligible[i].inFlight;
      const busy = inFlight * request[i], load = (due > now ? due : now) + busy;
      if (load >= least) continue;
      best = i;
      least = load;
      busyBest = busy;
    }
    this.#best[block] = best;
    this.#due[block] = turn[best].due;
    this.#busy[block] = busyBest;
  }
}
