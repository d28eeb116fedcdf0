/**
 * Which of several routes takes a request.
 *
 * Every route is a candidate that matches the request's host, path and method and whose predicates all hold. The most
 * specific candidate takes the request. Where a route stands in the config never decides. Two routes are compared by
 * the first of these in which they differ:
 *
 * 1. **Host.** An exact name before a wildcard, a longer wildcard before a shorter, a wildcard before no host.
 * 2. **Path**, segment by segment from the left. A literal before a parameter (or a `*` before the end), a parameter
 *    before a final wildcard. Where one path ends and the other goes on with a final wildcard, the end comes first.
 * 3. **Method.** A route that names methods before one that takes all. For HEAD, a route that names HEAD before one
 *    that takes it because it names GET. How many methods a route names does not count.
 * 4. **Predicates.** More before fewer; of equally many, the route with more exact values (`oneOf`), then the one with
 *    more regexes, so that `x = 1` comes before `x is present`. Which names and values does not count.
 *
 * Routes that are equal in all of it and can match the same request are an error that `check` reports. Should they be
 * run all the same, the smaller id goes first.
 *
 * @module
 */

import { compareHosts } from "./host_pattern.ts";
import type { Pattern } from "./pattern.ts";
import type { Match } from "./predicate.ts";
import type { Segment } from "./segment.ts";

/** What a route's place among others depends on. */
export interface Specific {
  readonly id: string;
  readonly source: string;
  readonly methods: readonly string[];
  readonly predicates: readonly { readonly match: Match }[];
}

/** Rule 2, negative when `a` goes first. Literals are put in alphabetical order: no path matches both. */
export function comparePaths(a: Pattern, b: Pattern): number {
  const shared = Math.min(a.segments.length, b.segments.length);
  for (let i = 0; i < shared; i++) {
    const x = a.segments[i], y = b.segments[i];
    const order = segmentTier(x) - segmentTier(y);
    if (order !== 0) return order;
    if (x.kind === "literal" && y.kind === "literal" && x.text !== y.text) return x.text < y.text ? -1 : 1;
  }
  return a.segments.length - b.segments.length;
}

/** Rule 3 for one method: 0 names it, 1 takes HEAD by naming GET, 2 takes all; `undefined` for a route that does not take it. */
export function methodTier(methods: readonly string[], method: string): 0 | 1 | 2 | undefined {
  if (methods.length === 0) return 2;
  if (methods.includes(method)) return 0;
  return method === "HEAD" && methods.includes("GET") ? 1 : undefined;
}

/** Rule 4, negative when `a` goes first. */
export function comparePredicates(a: Specific["predicates"], b: Specific["predicates"]): number {
  return b.length - a.length || count(b, "oneOf") - count(a, "oneOf") || count(b, "regex") - count(a, "regex");
}

/** The order of routes that are equally specific. */
export function compareIds(a: Specific, b: Specific): number {
  return compareText(a.id, b.id) || compareText(a.source, b.source);
}

/** All rules, for a listing: a route with several hosts stands where the most specific of them puts it. */
export function compareRoutes(
  a: Specific & { readonly hosts: readonly string[]; readonly pattern: Pattern },
  b: Specific & { readonly hosts: readonly string[]; readonly pattern: Pattern },
): number {
  return compareHosts(a.hosts[0], b.hosts[0]) || comparePaths(a.pattern, b.pattern) ||
    Number(a.methods.length === 0) - Number(b.methods.length === 0) ||
    comparePredicates(a.predicates, b.predicates) || compareIds(a, b);
}

function segmentTier(segment: Segment): number {
  return segment.kind === "literal" ? 0 : segment.kind === "param" ? 1 : 2;
}

function count(predicates: Specific["predicates"], kind: "oneOf" | "regex"): number {
  let n = 0;
  for (const { match } of predicates) if (kind in match) n++;
  return n;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
