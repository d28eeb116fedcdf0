/** Times of spans: dates that do not go back. @module */

import type { Clock } from "../../core/clock.ts";

/** By how many milliseconds the date may stray from what the clock has counted, before it counts from there. */
const DRIFT = 5;

/**
 * Turns {@link Clock.now} into milliseconds since 1970, with fractions. All spans of a request have the same: where the date
 * is set meanwhile, their durations and their order are still the clock's.
 */
export class SpanTime {
  readonly #clock: Clock;
  readonly #offset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.wall() - clock.now();
  }

  /** For what begins now: this one, or another one where the date was set meanwhile. */
  fresh(): SpanTime {
    const offset = this.#clock.wall() - this.#clock.now();
    return Math.abs(offset - this.#offset) > DRIFT ? new SpanTime(this.#clock) : this;
  }

  /** @param at {@link Clock.now}; now unless given */
  of(at: number = this.#clock.now()): number {
    return at + this.#offset;
  }
}
