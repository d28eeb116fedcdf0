/** How often a cache did what. @module */

import type { CacheOutcome } from "../../core/exchange.ts";

/** Counts by outcome, since the cache was made. */
export class CacheCounts {
  hit = 0;
  stale = 0;
  revalidated = 0;
  collapsed = 0;
  miss = 0;
  bypass = 0;

  add(outcome: Exclude<CacheOutcome, "">): void {
    this[outcome]++;
  }
}
