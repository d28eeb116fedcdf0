/** Purges whatever caches there are. @module */

import { type AnswerCache, isAnswerCache } from "../core/answer_cache.ts";
import type { Purge } from "../core/purge.ts";
import { StoreError } from "../core/store.ts";

/** What came of a purge. */
export interface PurgeReport {
  /** Ids of the caches that were asked. */
  readonly caches: readonly string[];
  /** How many answers they had taken out, as far as that is known: one that two tiers had may count twice. */
  readonly removed: number;
  /** Of each cache that did it here, but could not have it done by those whom it shares a store with, why. */
  readonly failures: readonly string[];
}

/** The caches among a gateway's state. */
export function cachesIn(states: readonly object[], id?: string): readonly AnswerCache[] {
  return states.filter(isAnswerCache).filter((cache) => id === undefined || cache.report().id === id);
}

/**
 * Has all of them purge.
 *
 * @param told whether those whom they share a store with know already
 */
export async function purgeCaches(caches: readonly AnswerCache[], order: Purge, told = false): Promise<PurgeReport> {
  const ids = caches.map((cache) => cache.report().id), failures: string[] = [];
  // All at once: what they do here is done before any of them waits.
  const work = caches.map(async (cache) => await cache.purge(order, told));
  let removed = 0;
  for (const [i, done] of (await Promise.allSettled(work)).entries()) {
    if (done.status === "fulfilled") removed += done.value;
    else if (done.reason instanceof StoreError) failures.push(`${ids[i]}: ${done.reason.message}`);
    else throw done.reason;
  }
  return { caches: ids, removed, failures };
}
