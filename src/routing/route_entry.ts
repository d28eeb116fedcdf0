/** One route as the router takes it. @module */

import type { Predicate } from "./predicate.ts";
import type { RouteRequest } from "./route_request.ts";

/** What a route matches, and the value that it stands for. */
export interface RouteEntry<T, R extends RouteRequest = RouteRequest> {
  /** Unique; settles the order of routes that are equally specific. */
  readonly id: string;
  /** See {@link parsePattern}. */
  readonly pattern: string;
  /** Upper case; empty: every method. `GET` takes `HEAD` as well. */
  readonly methods: readonly string[];
  /** Exact names or `*.example.com`; empty: every host. */
  readonly hosts: readonly string[];
  /** All of them must hold. */
  readonly predicates: readonly Predicate<R>[];
  /** What {@link Router.find} gives for a request that this route takes. */
  readonly value: T;
  /** Place in the config, for messages: `routes[3]`. */
  readonly source: string;
}
