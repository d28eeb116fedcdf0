/** The router's rules as obvious code: every route is tried, the candidates are sorted. Also what properties are run on. @module */

import fc from "fast-check";
import type { Match, Predicate } from "../../src/routing/predicate.ts";
import type { RouteEntry } from "../../src/routing/route_entry.ts";
import type { RouteRequest } from "../../src/routing/route_request.ts";

export type Entry = RouteEntry<string>;

/** A request with few headers. */
export interface ModelRequest extends RouteRequest {
  readonly fields: Readonly<Record<string, string>>;
}

export function makeRequest(
  method: string,
  path: string,
  more: { host?: string; query?: string; fields?: Record<string, string> } = {},
): ModelRequest {
  const { host = "h", query = "", fields = {} } = more;
  return { method, path, host, query, fields, headers: { get: (name) => fields[name] ?? null } };
}

export function makeEntry(id: string, pattern: string, more: Partial<Entry> = {}): Entry {
  return { id, pattern, methods: [], hosts: [], predicates: [], value: id, source: "", ...more };
}

export function pathRegex(pattern: string): RegExp {
  const parts = pattern.slice(1).split("/").map((part, i, all) =>
    part[0] === "*" && i === all.length - 1
      ? "(?:/(.*))?"
      : part === "*"
      ? "/[^/]+"
      : part[0] === ":"
      ? "/([^/]+)"
      : `/${part}`
  );
  return new RegExp(`^${parts.join("")}$`);
}

function hostMatches(pattern: string, host: string): boolean {
  return pattern === "" || pattern === host ||
    (pattern[0] === "*" && host.length >= pattern.length && host.endsWith(pattern.slice(1)));
}

function matches(match: Match, values: readonly string[]): boolean {
  if ("present" in match) return match.present === values.length > 0;
  return values.some((value) =>
    "oneOf" in match ? match.oneOf.includes(value) : new RegExp(`^(?:${match.regex})$`).test(value)
  );
}

export function holds(predicate: Predicate, request: RouteRequest): boolean {
  if (predicate.of === "query") {
    return matches(predicate.match, new URLSearchParams(request.query).getAll(predicate.name));
  }
  const value = predicate.of === "key" ? predicate.read(request) : request.headers.get(predicate.name);
  return matches(predicate.match, value === undefined || value === null ? [] : [value]);
}

/** How a route ranks among those that match a request, smaller first; `null` when it does not match. */
export function rankOf(entry: Entry, request: RouteRequest, anyMethod = false): (number | string)[] | null {
  const { pattern, methods, predicates } = entry;
  const hosts = (entry.hosts.length === 0 ? [""] : entry.hosts).filter((host) => hostMatches(host, request.host));
  const tier = methods.length === 0
    ? 2
    : methods.includes(request.method)
    ? 0
    : request.method === "HEAD" && methods.includes("GET")
    ? 1
    : -1;
  if (hosts.length === 0 || !pathRegex(pattern).test(request.path) || (tier < 0 && !anyMethod)) return null;
  if (!predicates.every((predicate) => holds(predicate, request))) return null;
  const host = Math.min(...hosts.map((host) => host === "" ? 1000 : host[0] === "*" ? 100 - host.length : 0));
  const path = pattern.slice(1).split("/").map((part, i, all) =>
    part[0] === "*" && i === all.length - 1 ? 3 : part === "*" || part[0] === ":" ? 2 : 1
  ).join("");
  const count = (kind: string) => predicates.filter(({ match }) => kind in match).length;
  return [host, path, tier, -predicates.length, -count("oneOf"), -count("regex")];
}

export function compareRanks(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

/** The routes that match, best first; equals by id. */
export function candidates(entries: readonly Entry[], request: RouteRequest): Entry[] {
  return entries.filter((entry) => rankOf(entry, request) !== null).sort((a, b) =>
    compareRanks(rankOf(a, request)!, rankOf(b, request)!) || (a.id < b.id ? -1 : 1)
  );
}

export function modelCaptures(pattern: string, path: string): string[] {
  return pathRegex(pattern).exec(path)!.slice(1).map((text) => text ?? "");
}

export function modelAllowed(entries: readonly Entry[], request: RouteRequest): string[] {
  const all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
  const methods = entries.filter((entry) => rankOf(entry, request, true) !== null)
    .flatMap((entry) => entry.methods.length === 0 ? all : entry.methods);
  if (methods.length === 0) return [];
  return [...new Set([...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"])].sort();
}

const match: fc.Arbitrary<Match> = fc.oneof(
  fc.record({ present: fc.boolean() }),
  fc.record({ oneOf: fc.uniqueArray(fc.constantFrom("1", "2", "3"), { minLength: 1, maxLength: 2 }) }),
  fc.record({ regex: fc.constantFrom("1|2", "[23]", "2.*") }),
);

const predicate: fc.Arbitrary<Predicate> = fc.oneof(
  fc.record({ of: fc.constant("header" as const), name: fc.constantFrom("x-a", "x-b"), match }),
  fc.record({ of: fc.constant("query" as const), name: fc.constantFrom("q", "r"), match }),
  fc.record({
    of: fc.constant("key" as const),
    name: fc.constant("header:x-a"),
    match,
    read: fc.constant((request: RouteRequest) => request.headers.get("x-a") ?? undefined),
  }),
);

const part = fc.constantFrom("a", "b", "", ":", "*");
const pattern = fc.tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "", "/*", "/*rest")).map((
  [parts, end],
) => parts.map((text, i) => "/" + (text === ":" ? `:p${i}` : text)).join("") + end);

export const HOSTS = ["h.com", "x.h.com", "y.x.h.com", "z"];
export const PATTERN_HOSTS = ["h.com", "x.h.com", "*.h.com", "*.x.h.com"];
export const REQUEST_METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PURGE"];

/** Routes over a small alphabet, so that they meet. */
export function entriesOver(
  patterns: fc.Arbitrary<string> = pattern,
  predicates: fc.Arbitrary<Predicate> = predicate,
  maxLength = 12,
): fc.Arbitrary<Entry[]> {
  const entry = fc.record({
    pattern: patterns,
    hosts: fc.oneof(fc.constant([]), fc.uniqueArray(fc.constantFrom(...PATTERN_HOSTS), { maxLength: 2 })),
    methods: fc.oneof(fc.constant([]), fc.uniqueArray(fc.constantFrom("GET", "HEAD", "POST"), { maxLength: 2 })),
    predicates: fc.array(predicates, { maxLength: 2 }),
  });
  return fc.array(entry, { minLength: 1, maxLength }).map((list) =>
    list.map((one, i) => ({ ...one, id: `r${i}`, value: `r${i}`, source: `routes[${i}]` }))
  );
}

/** Requests over the same alphabet. */
export const requests: fc.Arbitrary<ModelRequest> = fc.record({
  method: fc.constantFrom(...REQUEST_METHODS),
  path: fc.array(fc.constantFrom("a", "b", "c", ""), { minLength: 1, maxLength: 6 }).map((parts) =>
    "/" + parts.join("/")
  ),
  host: fc.constantFrom(...HOSTS),
  query: fc.constantFrom("", "?q", "?q=1", "?q=%32", "?q=3&q=1", "?r=2&q=2", "?r=%zz"),
  fields: fc.dictionary(fc.constantFrom("x-a", "x-b"), fc.constantFrom("1", "2", "3", "22"), { noNullPrototype: true }),
}).map(({ method, path, ...more }) => makeRequest(method, path, more));
