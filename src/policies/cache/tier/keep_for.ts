/** How long a store keeps an answer. @module */

import { ageAt, type StoredResponse } from "../stored_response.ts";

/** Milliseconds for which what is past its time is kept to be shown to be good: it spares the upstream a body. */
const TO_BE_VALIDATED = 3_600_000;

/** @param grace of the cache's plan @returns milliseconds; not above 0 where nobody could use it any more */
export function keepFor(stored: StoredResponse, grace: number, now: number): number {
  const { freshness: { lifetime, staleWhileRevalidate, staleIfError, mustRevalidate, noCache }, fields } = stored;
  // The windows of its own are the upstream's word, which may stand beside `s-maxage`; `grace` is ours.
  const past = noCache ? 0 : Math.max(staleWhileRevalidate, staleIfError, mustRevalidate ? 0 : grace);
  const left = lifetime - ageAt(stored, now);
  return Math.max(left + past, hasValidator(fields) ? Math.max(left, 0) + TO_BE_VALIDATED : 0);
}

function hasValidator(fields: readonly string[]): boolean {
  for (let i = 0; i < fields.length; i += 2) if (fields[i] === "etag" || fields[i] === "last-modified") return true;
  return false;
}
