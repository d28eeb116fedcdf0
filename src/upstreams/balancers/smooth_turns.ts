/** The order of turns in smooth weighted round robin. @module */

import type { Endpoint } from "../endpoint.ts";

/** When counted turns are added to the scores, so that sums stay small enough to be exact. */
const MOST_TURNS = 1 << 20;

/**
 * Smooth weighted round robin over one array of endpoints, as nginx does it: each turn adds every endpoint's weight to its
 * score; the highest score has the turn and is charged the total of the weights. Of equal scores, the weight that comes
 * first in the array goes first, and of equal weights the endpoint that does.
 *
 * Scores of endpoints of one weight rise together, so that only the first in line of each weight can be the highest:
 * a turn costs as much as there are different weights, and nothing is added up but the number of turns.
 */
export class SmoothTurns {
  readonly #endpoints: readonly Endpoint[];
  readonly #total: number;
  /** By place in the array: the score without what the turns since have added. */
  readonly #base: Float64Array;
  /** By place in the array: which line it stands in. */
  readonly #lineOf: Int32Array;
  /** By line: its weight, and the base of its first. */
  readonly #weight: Float64Array;
  readonly #firstBase: Float64Array;
  /** The lines one after the other, each a ring of places from highest to lowest base. */
  readonly #ring: Int32Array;
  /** By line: where its ring starts and ends in `#ring`, and where its first stands. */
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  readonly #at: Int32Array;
  #turns = 0;
  #places: Map<Endpoint, number> | null = null;

  /** @param shareOf an endpoint's score as a share of the total, from other turns: see {@link shares} */
  constructor(endpoints: readonly Endpoint[], shareOf: (endpoint: Endpoint) => number) {
    const count = endpoints.length;
    const weights = [...new Set(endpoints.map((endpoint) => endpoint.weight))];
    const lines = new Map(weights.map((weight, line) => [weight, line]));
    this.#endpoints = endpoints;
    this.#total = endpoints.reduce((sum, endpoint) => sum + endpoint.weight, 0);
    this.#base = Float64Array.from(endpoints, shareOf);
    this.#lineOf = Int32Array.from(endpoints, (endpoint) => lines.get(endpoint.weight) ?? 0);
    this.#weight = Float64Array.from(weights);
    this.#firstBase = new Float64Array(weights.length);
    this.#ring = Int32Array.from(endpoints.keys());
    this.#start = new Int32Array(weights.length);
    this.#end = new Int32Array(weights.length);
    this.#at = new Int32Array(weights.length);

    // Those that left took along what they were owed or owed: the rest, and who comes new with 0, start evenly.
    const mean = this.#base.reduce((sum, share) => sum + share, 0) / count;
    for (let i = 0; i < count; i++) this.#base[i] = (this.#base[i] - mean) * this.#total;
    this.#ring.sort((a, b) => this.#lineOf[a] - this.#lineOf[b] || this.#base[b] - this.#base[a] || a - b);
    for (let i = 0; i < count; i++) this.#end[this.#lineOf[this.#ring[i]]] = i + 1;
    for (let line = 0; line < weights.length; line++) {
      this.#start[line] = this.#at[line] = line === 0 ? 0 : this.#end[line - 1];
      this.#look(line);
    }
  }

  /** Whose turn it is. */
  next(): Endpoint {
    const bases = this.#firstBase, weights = this.#weight, turns = ++this.#turns;
    let best = 0, highest = bases[0] + turns * weights[0];
    for (let line = 1; line < bases.length; line++) {
      const score = bases[line] + turns * weights[line];
      if (score > highest) {
        best = line;
        highest = score;
      }
    }
    const place = this.#ring[this.#at[best]];
    this.#base[place] -= this.#total;
    const at = this.#at[best] + 1;
    this.#at[best] = at === this.#end[best] ? this.#start[best] : at;
    this.#moveUp(best);
    this.#look(best);
    if (turns === MOST_TURNS) this.#settle();
    return this.#endpoints[place];
  }

  /**
   * Whose turn it is among some of the endpoints. The others neither gain nor lose by it: one that is left out for long
   * has no turns to catch up with.
   * @returns `null` if one of them is none of these endpoints
   */
  nextOf(some: readonly Endpoint[]): Endpoint | null {
    const known = this.#places ??= new Map(this.#endpoints.map((endpoint, place) => [endpoint, place]));
    const places: number[] = [];
    let total = 0;
    for (const endpoint of some) {
      const place = known.get(endpoint);
      if (place === undefined) return null;
      places.push(place);
      total += this.#weight[this.#lineOf[place]];
    }
    this.#settle();
    // A turn costs the same as one among all. Few light ones among heavy ones would else go on by tiny steps, and the
    // same one would be picked until it has come down.
    const base = this.#base, scale = this.#total / total;
    let best = places[0];
    for (const place of places) {
      base[place] += this.#weight[this.#lineOf[place]] * scale;
      if (base[place] > base[best]) best = place;
    }
    base[best] -= this.#total;
    for (let line = 0; line < this.#weight.length; line++) this.#sort(line);
    return this.#endpoints[best];
  }

  /** Calls back with each endpoint's score as a share of the total: what it takes along into another array. */
  shares(each: (endpoint: Endpoint, share: number) => void): void {
    this.#settle();
    this.#endpoints.forEach((endpoint, place) => each(endpoint, this.#base[place] / this.#total));
  }

  /** Adds what the turns have added. */
  #settle(): void {
    const base = this.#base;
    for (let i = 0; i < base.length; i++) base[i] += this.#turns * this.#weight[this.#lineOf[i]];
    this.#turns = 0;
    for (let line = 0; line < this.#weight.length; line++) this.#look(line);
  }

  #look(line: number): void {
    this.#firstBase[line] = this.#base[this.#ring[this.#at[line]]];
  }

  /** Moves the last of a line up past those of a lower base: after a turn among all there are none. */
  #moveUp(line: number): void {
    const ring = this.#ring, base = this.#base, first = this.#at[line];
    const start = this.#start[line], end = this.#end[line];
    let at = (first === start ? end : first) - 1;
    while (at !== first) {
      const before = (at === start ? end : at) - 1;
      if (base[ring[before]] >= base[ring[at]]) break;
      const place = ring[before];
      ring[before] = ring[at];
      ring[at] = place;
      at = before;
    }
  }

  /** Puts a line in order again, of which a few have moved: by insertion. */
  #sort(line: number): void {
    const ring = this.#ring, base = this.#base, start = this.#start[line], end = this.#end[line];
    if (this.#at[line] !== start) {
      const inOrder = [...ring.subarray(this.#at[line], end), ...ring.subarray(start, this.#at[line])];
      ring.set(inOrder, start);
      this.#at[line] = start;
    }
    for (let i = start + 1; i < end; i++) {
      const place = ring[i];
      let at = i;
      for (; at > start && base[ring[at - 1]] < base[place]; at--) ring[at] = ring[at - 1];
      ring[at] = place;
    }
    this.#look(line);
  }
}
