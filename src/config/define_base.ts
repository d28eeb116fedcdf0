/** The shared part of a config that is split over files. @module */

import type { Base, BaseConfig } from "./types/base.ts";

/**
 * Upstreams, stores and global policies that several files build on. Spread it into `defineGateway` and hand it to `routes`.
 *
 * @example
 * ```ts
 * import { defineBase, defineGateway, routes } from "gatewright";
 *
 * // base.ts
 * const base = defineBase({ upstreams: { users: "http://127.0.0.1:9001" } });
 * // users.ts
 * const userRoutes = routes(base, [{ path: "/users/:id", upstream: "users" }]);
 * // gateway.config.ts
 * export default defineGateway({ ...base, include: [userRoutes], routes: [{ path: "/", respond: { body: "hello" } }] });
 * ```
 */
export function defineBase<
  const U extends object = Record<never, never>,
  const G extends readonly unknown[] = readonly [],
  const D extends object = Record<never, never>,
>(base: BaseConfig<U, G, D>): Base<NoInfer<keyof U & string>, NoInfer<G>, NoInfer<keyof D & string>> {
  // NoInfer: spread right into defineGateway, what that expects would be inferred in place of what is written here.
  return Object.freeze({ upstreams: {}, stores: {}, policies: [], ...base }) as unknown as Base<
    keyof U & string,
    G,
    keyof D & string
  >;
}
