/** How late the event loop is. @module */

import type { Cancel, Clock } from "../../../core/clock.ts";

/** Milliseconds between two looks. */
export const LOOK_EVERY = 50;
/** Weight of the latest look: one that is late does not tell of load, ten do. Half of the way takes three. */
const WEIGHT = 0.2;
/** Milliseconds that one look can count: a process that was stopped for an hour has no load when it goes on. */
const MOST = 10_000;

/**
 * Measures how much later than it should a timer fires: the time that work which is ready waits for its turn. The measure
 * is a moving average (exponentially weighted), as in `toobusy-js`: a single stall, for a collection of garbage or a large
 * document, does not count as load unless it is many times as long as what is allowed.
 */
export class EventLoopDelay {
  readonly #stop: Cancel;
  #average = 0;

  constructor(clock: Clock) {
    let last = clock.now();
    this.#stop = clock.every(LOOK_EVERY, () => {
      const now = clock.now(), late = Math.min(Math.max(0, now - last - LOOK_EVERY), MOST);
      last = now;
      this.#average += (late - this.#average) * WEIGHT;
    });
  }

  /** Milliseconds. */
  get value(): number {
    return this.#average;
  }

  close(): void {
    this.#stop();
  }
}
