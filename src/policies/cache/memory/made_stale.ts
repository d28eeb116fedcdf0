/** Soft purges. @module */

import { ageAt, type StoredResponse } from "../stored_response.ts";

/** The answer, stale from `now` on: the times for which it may be used nevertheless begin. What was stale stays as it was. */
export function madeStale(response: StoredResponse, now: number): StoredResponse {
  const lifetime = Math.min(response.freshness.lifetime, ageAt(response, now));
  return { ...response, freshness: { ...response.freshness, lifetime } };
}
