/** One time for all threads. @module */

import type { Clock } from "../../core/clock.ts";
import { gridTime } from "../../core/limit.ts";

/**
 * Time as the threads that share memory reckon it: microseconds from an epoch that they agree on. Each thread goes by its
 * own steady clock, which starts anywhere, and sets it by the wall clock once. That has whole milliseconds, so threads
 * would be up to one millisecond apart; but none goes back behind the time at which another has written, and one that
 * would is slow and catches up for good. All of them so come to follow the one that is furthest ahead.
 *
 * What a limit admits is within its bound by that time. By a watch, it is so but for the millisecond; and where the wall
 * clock was put forward between the starts of two threads, limits regain once what they would in the time that was leapt
 * over. Where it was put back, nothing happens.
 */
export class SharedTime {
  readonly #clock: Clock;
  #ahead: number;

  /** @param epoch milliseconds since 1970, of late: the times count from there, and have room for 17 years */
  constructor(clock: Clock, epoch: number) {
    this.#clock = clock;
    this.#ahead = gridTime(clock.wall() - clock.now() - epoch);
  }

  /**
   * @param latest time that this thread knows another to have seen. It must have been read before this is called, under
   * the lock: a thread that waits meanwhile takes itself for slow
   */
  now(latest: number): number {
    const own = gridTime(this.#clock.now()) + this.#ahead;
    if (own >= latest) return own;
    this.#ahead += latest - own;
    return latest;
  }
}
