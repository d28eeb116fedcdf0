/** Caches as operators see them. @module */

import { isPurgeable, type Purgeable } from "./purge.ts";

/** What a cache holds and how it has done: plain JSON data, of which each cache may tell more. */
export interface CacheReport {
  /** Of the policy's node. */
  readonly id: string;
  readonly entries: number;
  readonly bytes: number;
  readonly maxBytes: number;
}

/** A cache that operators look at and purge. */
export interface AnswerCache extends Purgeable {
  report(): CacheReport;
}

/** Tells whether state is a cache. */
export function isAnswerCache(state: object): state is AnswerCache {
  return isPurgeable(state) && "report" in state && typeof state.report === "function";
}
