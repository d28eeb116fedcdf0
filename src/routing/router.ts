/** Finds the route of a request. @module */

import { Candidates } from "./candidates.ts";
import type { Condition } from "./choice.ts";
import { compareHosts } from "./host_pattern.ts";
import { HostTable } from "./host_table.ts";
import { PathTrie } from "./path_trie.ts";
import { parsePattern, type Pattern } from "./pattern.ts";
import { isPatternError } from "./pattern_error.ts";
import { compilePredicate, type Predicate } from "./predicate.ts";
import { QueryMemo } from "./query_memo.ts";
import type { RouteEntry } from "./route_entry.ts";
import type { RouteRequest } from "./route_request.ts";
import { compareRoutes } from "./specificity.ts";

/** The methods that routes can name; what {@link Router.allowed} lists for a route that takes all. */
export const METHODS: readonly string[] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

interface Compiled<T, R extends RouteRequest> {
  readonly entry: RouteEntry<T, R>;
  readonly value: T;
  readonly id: string;
  readonly source: string;
  readonly methods: readonly string[];
  readonly predicates: readonly Predicate<R>[];
  readonly pattern: Pattern;
  /** Lower case, most specific first; `""` is any host. */
  readonly hosts: readonly string[];
  readonly conditions: readonly Condition<R>[];
  /** Which captures have a name, or `null` when all have. */
  readonly named: readonly boolean[] | null;
}

type Place<T, R extends RouteRequest> = Candidates<Compiled<T, R>, R>;

/**
 * Routes by host, path, method and predicates; `specificity.ts` says which of several takes a request.
 *
 * An answer is found in two steps. {@link Router.find} gives the value of the route. Where it gives `null`,
 * {@link Router.allowed} says why: nothing lies at this host and path (empty: 404), or something does, but not for this
 * method. Then a request for `OPTIONS` is answered with the list as `Allow` (204), any other with 405 and the same
 * `Allow`.
 *
 * @example
 * ```ts
 * import { Router } from "./router.ts";
 *
 * const route = { id: "user", pattern: "/users/:id", methods: ["GET"], hosts: [], predicates: [], value: 1, source: "" };
 * const router = new Router([route]);
 * const captures: string[] = [];
 * const request = { method: "GET", path: "/users/7", host: "localhost", query: "", headers: new Headers() };
 * router.find(request, captures); // 1, and captures is ["7"]
 * router.allowed({ ...request, method: "PUT" }); // ["GET", "HEAD", "OPTIONS"]
 * ```
 */
export class Router<T, R extends RouteRequest = RouteRequest> {
  /** In matching order: the most specific first. An entry with several hosts stands where the most specific puts it. */
  readonly entries: readonly RouteEntry<T, R>[];
  readonly #hosts = new HostTable<PathTrie<Place<T, R>>>();
  readonly #levels: number;

  /** @throws TypeError where a pattern is none that {@link parsePattern} takes; SyntaxError for a wrong regex. */
  constructor(entries: readonly RouteEntry<T, R>[]) {
    const query = new QueryMemo(), places = new Set<Place<T, R>>();
    const routes = entries.map((entry) => compile(entry, query));
    for (const route of routes) {
      for (const host of route.hosts) {
        const paths = this.#hosts.ensure(host, () => new PathTrie());
        const place = paths.ensure(route.pattern.segments, () => new Candidates());
        place.add(route);
        places.add(place);
      }
    }
    for (const place of places) place.seal();
    this.#levels = this.#hosts.size;
    this.entries = routes.sort(compareRoutes).map((route) => route.entry);
  }

  /**
   * The value of the route that takes a request, or `null`.
   *
   * @param captures is emptied and receives the raw text of the parameters, in the order of {@link Pattern.names}
   */
  find(request: R, captures: string[]): T | null {
    captures.length = 0;
    const { path, host } = request;
    if (path.charCodeAt(0) !== 0x2f) return null;
    for (let level = 0; level < this.#levels; level++) {
      const paths = this.#hosts.at(level, host);
      if (paths === undefined) continue;
      const route = paths.search(path, 1, captures, request, pick<T, R>);
      if (route === null) continue;
      if (route.named !== null) dropUnnamed(captures, route.named);
      return route.value;
    }
    return null;
  }

  /**
   * The methods of all routes that match a request but for its method, sorted; empty where there is none. With `GET`
   * goes `HEAD`, and `OPTIONS` is always among them.
   */
  allowed(request: R): string[] {
    const methods = new Set<string>();
    const collect = (place: Place<T, R>): null => {
      place.each(request, (route) => {
        for (const method of route.methods.length === 0 ? METHODS : route.methods) methods.add(method);
      });
      return null;
    };
    if (request.path.charCodeAt(0) === 0x2f) {
      for (let level = 0; level < this.#levels; level++) {
        this.#hosts.at(level, request.host)?.search(request.path, 1, [], request, collect);
      }
    }
    if (methods.size === 0) return [];
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods.add("OPTIONS")].sort();
  }
}

function compile<T, R extends RouteRequest>(entry: RouteEntry<T, R>, query: QueryMemo): Compiled<T, R> {
  const pattern = parsePattern(entry.pattern);
  if (isPatternError(pattern)) {
    throw new TypeError(`pattern "${entry.pattern}": ${pattern.message}; write ${pattern.remedy}`);
  }
  const { id, source, methods, predicates } = entry;
  const captures = pattern.segments.filter((segment) => segment.kind !== "literal");
  return {
    entry,
    value: entry.value,
    id,
    source,
    methods,
    predicates,
    pattern,
    hosts: hostsOf(entry),
    conditions: predicates.map((predicate) => ({ predicate, test: compilePredicate(predicate, query) })),
    named: captures.length === pattern.names.length ? null : captures.map(({ name }) => name !== null),
  };
}

/** The hosts of an entry in lower case, once each, most specific first; `[""]` for any. */
export function hostsOf(entry: { readonly hosts: readonly string[] }): string[] {
  if (entry.hosts.length === 0) return [""];
  return [...new Set(entry.hosts.map((host) => host.toLowerCase()))].sort(compareHosts);
}

function pick<T, R extends RouteRequest>(place: Place<T, R>, request: R): Compiled<T, R> | null {
  return place.pick(request);
}

function dropUnnamed(captures: string[], named: readonly boolean[]): void {
  let kept = 0;
  for (let i = 0; i < captures.length; i++) if (named[i]) captures[kept++] = captures[i];
  captures.length = kept;
}
