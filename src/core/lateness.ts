/** How late the event loop is: the time that work which is ready waits for its turn. @module */

import type { Cancel, Clock } from "./clock.ts";

/**
 * Tells, each `every` milliseconds, how much later than it should the timer for it has fired. (The runtime's
 * `monitorEventLoopDelay` does not see stalls, in Deno 2.9.6.)
 *
 * @param heard gets milliseconds, never less than 0
 */
export function watchLateness(clock: Clock, every: number, heard: (late: number) => void): Cancel {
  let last = clock.now();
  return clock.every(every, () => {
    const now = clock.now(), late = Math.max(0, now - last - every);
    last = now;
    heard(late);
  });
}
