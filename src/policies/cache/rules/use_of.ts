/** Whether an answer that is kept may be used (RFC 9111 §4.2.4, §5.2.1; RFC 5861). @module */

import { ageAt, type StoredResponse } from "../stored_response.ts";
import type { RequestDirectives } from "./request_directives.ts";

/** How: `stale` is past its time, and the request takes it nevertheless; `validate`: not without asking the upstream. */
export type Use = "fresh" | "stale" | "validate";

/** @param asked what the request asks of caches; `null`: nothing, or it does not count */
export function useOf(stored: StoredResponse, asked: RequestDirectives | null, now: number): Use {
  const { lifetime, noCache, mustRevalidate } = stored.freshness;
  if (noCache) return "validate";
  const past = ageAt(stored, now) - lifetime;
  if (asked === null) return past < 0 ? "fresh" : "validate";
  if (!isYoungEnough(stored, asked, now)) return "validate";
  if (past < 0) return "fresh";
  // What was never fresh was kept to be validated: nobody but the upstream can say that it may be used.
  if (asked.maxStale === undefined || mustRevalidate || lifetime === 0) return "validate";
  return past <= asked.maxStale ? "stale" : "validate";
}

/**
 * Whether it may be used past its time while a newer one is fetched behind the client's back (RFC 5861 §3): by a request
 * that neither asks for a check nor for an age.
 */
export function mayRefreshBehind(stored: StoredResponse, now: number): boolean {
  const { lifetime, noCache, staleWhileRevalidate } = stored.freshness;
  if (noCache || staleWhileRevalidate === 0) return false;
  const past = ageAt(stored, now) - lifetime;
  return past >= 0 && past <= staleWhileRevalidate;
}

/**
 * Whether it may stand in where the upstream fails (RFC 5861 §4). A client that says `no-cache` gets the failure; the age
 * that it asks for is no matter then.
 *
 * @param extra milliseconds past its lifetime for which the config lets it
 */
export function mayStandIn(
  stored: StoredResponse,
  asked: RequestDirectives | null,
  now: number,
  extra: number,
): boolean {
  const { lifetime, noCache, mustRevalidate, staleIfError } = stored.freshness;
  if (noCache || asked?.noCache === true) return false;
  const past = ageAt(stored, now) - lifetime;
  if (past < 0 || (staleIfError > 0 && past <= staleIfError)) return true;
  if (mustRevalidate || lifetime === 0) return false;
  const window = Math.max(extra, asked?.staleIfError ?? 0);
  return window > 0 && past <= window;
}

/** Whether it is neither older than the request allows nor too near the end of its lifetime. */
function isYoungEnough(stored: StoredResponse, asked: RequestDirectives, now: number): boolean {
  if (asked.noCache) return false;
  const { maxAge, minFresh } = asked, { immutable, lifetime } = stored.freshness, age = ageAt(stored, now);
  // A reload of what does not change would bring the same (RFC 8246 §2). An age of 0 asked for is a wish to have it checked.
  if (maxAge !== undefined && (age > maxAge || maxAge === 0) && !(immutable && age < lifetime)) return false;
  return minFresh === undefined || lifetime >= age + minFresh;
}
