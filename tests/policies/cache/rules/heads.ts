/** Heads of answers and plans for the tests of the rules. @module */

import type { CachePlan } from "../../../../src/policies/cache/cache_plan.ts";
import { type Arrived, judge, type Keep } from "../../../../src/policies/cache/rules/judge.ts";
import type { StoredResponse } from "../../../../src/policies/cache/stored_response.ts";

/** What the wall clock says when an answer comes; `DATE` is the same as a field. */
export const WALL = Date.UTC(2026, 0, 1);
export const DATE = "Thu, 01 Jan 2026 00:00:00 GMT";
/** What the other clock says then. */
export const NOW = 50_000;

/** The date that many seconds later, or earlier. */
export function dateAt(seconds: number): string {
  return new Date(WALL + seconds * 1000).toUTCString();
}

/** The policy's options as they are where nobody writes any. */
export function planOf(options: Partial<CachePlan> = {}): CachePlan {
  return {
    id: undefined,
    defaultTtl: null,
    forceTtl: null,
    statuses: null,
    negativeTtl: new Map(),
    heuristic: { share: 0.1, max: 86_400_000 },
    key: { methods: [], host: true, path: true, query: null, headers: [], cookies: [] },
    vary: [],
    byIdentity: false,
    shared: false,
    staleWhileRevalidate: 0,
    staleIfError: 0,
    grace: 0,
    refreshEarly: 0,
    requestDirectives: true,
    targeted: ["cdn-cache-control"],
    tagFields: ["cache-tag", "surrogate-key"],
    cacheStatus: "gatewright",
    coalesce: { wait: 5_000 },
    maxBytes: 1,
    maxEntries: 1,
    maxBody: 1,
    store: undefined,
    bypass: null,
    noStore: null,
    ...options,
  };
}

/** A head that has just come, at once, to a GET. */
export function arrived(fields: readonly string[], more: Partial<Arrived> = {}): Arrived {
  return {
    method: "GET",
    status: 200,
    fields,
    requestedAt: NOW,
    receivedAt: NOW,
    wall: WALL,
    authorized: false,
    noStore: false,
    ...more,
  };
}

/** What is kept of it, as it is kept. */
export function storedOf({ fields, freshness, vary, tags }: Keep, receivedAt = NOW): StoredResponse {
  return { status: 200, fields, body: new Uint8Array(0), part: null, receivedAt, took: 0, freshness, vary, tags };
}

/** An answer that is kept. @throws where it is not */
export function kept(fields: readonly string[], more: Partial<Arrived> = {}, options: Partial<CachePlan> = {}): Keep {
  const verdict = judge(arrived(fields, more), planOf(options));
  if (!verdict.keep) throw new Error(`not kept: ${verdict.why}`);
  return verdict;
}

/** Why an answer is not kept; `""` for one that is. */
export function whyNot(
  fields: readonly string[],
  more: Partial<Arrived> = {},
  options: Partial<CachePlan> = {},
): string {
  const verdict = judge(arrived(fields, more), planOf(options));
  return verdict.keep ? "" : verdict.why;
}
