/** How late the event loop is, of late. @module */

import type { Cancel, Clock } from "../../../core/clock.ts";
import { watchLateness } from "../../../core/lateness.ts";

/** Milliseconds between two looks. */
export const LOOK_EVERY = 50;
/** Weight of the latest look: one that is late does not tell of load, ten do. Half of the way takes three. */
const WEIGHT = 0.2;
/** Milliseconds that one look can count: a process that was stopped for an hour has no load when it goes on. */
const MOST = 10_000;

/**
 * A moving average (exponentially weighted), as in `toobusy-js`: a single stall, for a collection of garbage or a large
 * document, does not count as load unless it is many times as long as what is allowed.
 */
export class EventLoopDelay {
  readonly #stop: Cancel;
  #average = 0;

  constructor(clock: Clock) {
    this.#stop = watchLateness(clock, LOOK_EVERY, (late) => {
      this.#average += (Math.min(late, MOST) - this.#average) * WEIGHT;
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
