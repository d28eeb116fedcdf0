/** Turns that go round by weight among endpoints that have different things to do. @module */

import type { Endpoint } from "../endpoint.ts";

/**
 * What a turn just had counts for, as a share of a request under way: less than one, so that of equal weights whoever has
 * fewer requests under way always comes first.
 */
const TURN = 0.999;

/** When an endpoint's next turn is due. */
export interface Turn {
  due: number;
}

/**
 * Whose turn it is by weight (start-time fair queueing). A pick takes up the endpoint's share of the turns: until that
 * share has passed, it counts as that much busier. Without this, light traffic would only ever meet the heaviest endpoint,
 * or each of the idle ones as often as the others. Time is counted in turns of weight 1; a turn not used is lost.
 */
export class FairTurns {
  readonly #turns = new WeakMap<Endpoint, Turn>();
  now = 0;

  of(endpoint: Endpoint): Turn {
    let turn = this.#turns.get(endpoint);
    // Half a turn on: the heavier come first.
    if (turn === undefined) this.#turns.set(endpoint, turn = { due: this.now + TURN / endpoint.weight / 2 });
    return turn;
  }

  /** The endpoint has its turn. @param request how much one request is for it */
  take(turn: Turn, request: number): void {
    if (turn.due > this.now) this.now = turn.due;
    turn.due = this.now + TURN * request;
  }

  /** The least loaded of an array that may not come again. */
  next(eligible: readonly Endpoint[]): number {
    let best = 0, least = Infinity;
    for (let i = 0; i < eligible.length; i++) {
      const { inFlight, weight } = eligible[i], { due } = this.of(eligible[i]);
      const load = (due > this.now ? due : this.now) + inFlight / weight;
      if (load >= least) continue;
      best = i;
      least = load;
    }
    this.take(this.of(eligible[best]), 1 / eligible[best].weight);
    return best;
  }
}
