/** The time as log lines print it. @module */

import type { Clock } from "../../core/clock.ts";

/** How old a timestamp may be before it is made anew, in milliseconds: making one costs ten times a look at the clock. */
const REFRESH_MS = 10;

/** Makes a function that tells the time in UTC as `2026-11-21T10:00:00.000Z` (RFC 3339), up to 10 ms late. */
export function timestamps(clock: Clock): () => string {
  let text = "", madeAt = -Infinity;
  return () => {
    const now = clock.wall();
    // A wall clock can be set back, so the distance counts in both directions.
    if (Math.abs(now - madeAt) >= REFRESH_MS) {
      madeAt = now;
      text = new Date(now).toISOString();
    }
    return text;
  };
}
