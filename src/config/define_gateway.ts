/** The config of a gateway, written in TypeScript. @module */

import type { Gateway, GatewayConfig } from "./types/gateway.ts";

/**
 * Describes a gateway. The compiler checks names, parameters and the order of policies while you write; `check` and
 * `start` prove all of it again. It records only: nothing is validated and nothing thrown here.
 *
 * @example
 * ```ts
 * import { defineGateway } from "gatewright";
 *
 * export default defineGateway({
 *   upstreams: { users: ["http://127.0.0.1:9001", "http://127.0.0.1:9002"] },
 *   routes: [
 *     { path: "/api/users/:id", upstream: "users", rewrite: "/users/:id" },
 *     { path: "/*", upstream: "http://localhost:3000" },
 *   ],
 * });
 * ```
 */
export function defineGateway<
  const P extends readonly string[],
  const R extends readonly unknown[],
  const U extends object = Record<never, never>,
  const G extends readonly unknown[] = readonly [],
  const L = unknown,
  const S extends readonly unknown[] = readonly [],
  const D extends object = Record<never, never>,
  const C extends object = Record<never, never>,
>(config: GatewayConfig<U, G, D, L, S, P, R, C>): Gateway {
  return Object.freeze({ ...config }) as unknown as Gateway;
}
