/** Routes in a file of their own. @module */

import type { Base } from "./types/base.ts";
import type { GivesAll } from "./types/chain.ts";
import type { ConfigFacts } from "./types/store.ts";
import type { Routes } from "./types/route.ts";
import type { RouteSet } from "./types/route_set.ts";

/**
 * Routes checked against a base, for the `include` of `defineGateway`. `base` serves the compiler only: the result is
 * `{ routes }`.
 *
 * @example
 * ```ts
 * import { defineBase, routes } from "gatewright";
 *
 * const base = defineBase({ upstreams: { users: "http://127.0.0.1:9001" } });
 * export const userRoutes = routes(base, [
 *   { path: "/users/:id", methods: ["GET"], upstream: "users" },
 *   { path: "/users/:id/avatar", redirect: "https://cdn.example.com/avatars/{param:id}" },
 * ]);
 * ```
 */
export function routes<
  U extends string,
  G extends readonly unknown[],
  const P extends readonly string[],
  const R extends readonly unknown[],
  D extends string = never,
>(
  _base: Base<U, G, D>,
  list: Routes<P, R, NoInfer<U>, GivesAll<G> | ConfigFacts<NoInfer<U>, NoInfer<D>>>,
): RouteSet<U, GivesAll<G> | `store:${D}`> {
  return Object.freeze({ routes: list }) as unknown as RouteSet<U, GivesAll<G> | `store:${D}`>;
}
