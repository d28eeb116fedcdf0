/** What wrong configs are written with. @module */

/** A wrong config. */
export interface WrongConfig {
  /** What is wrong with it. */
  readonly name: string;
  /** A module; what {@link PRELUDE} declares is there. */
  readonly config: string;
  /** What it exports. @default "gateway" */
  readonly exports?: "gateway" | "base";
  /** Nobody can look into a function before it runs but the compiler. @default "compiler and check" */
  readonly seenBy?: "compiler" | "compiler and check";
  /** Every error: its head line, and how the source that it marks begins. */
  readonly errors: readonly (readonly [message: string, at: string])[];
}

/** What stands above each wrong config, on one line. */
export const PRELUDE = [
  'import { defineBase, defineGateway, definePolicy, demo, headers, rateLimit, routes } from "gatewright";',
  'const auth = definePolicy({ name: "auth", gives: ["jwt:sub", "consumer"], handle: (_ctx, next) => next() });',
  'const quota = definePolicy({ name: "quota", needs: ["jwt:sub"], handle: (_ctx, next) => next() });',
  'const perItem = definePolicy({ name: "perItem", needs: ["param:idd"], handle: (_ctx, next) => next() });',
  'const perCustomer = definePolicy({ name: "perCustomer", needs: ["consumer"], handle: (_ctx, next) => next() });',
  "void [defineBase, demo, headers, rateLimit, routes, auth, quota, perItem, perCustomer];",
].join(" ");

/** The URLs that an upstream may be, by the name that the compiler prints. */
export const HTTP = "ServerUrl";
/** Every duration. */
export const DURATION = "`${number}ms` | `${number}s` | `${number}m` | `${number}h` | `${number}d`";
/** Keys that are no facts. */
export const TENANT_KEY =
  '"ip" | `ip/${number}/${number}` | "global" | "route" | "request:id" | `header:${string}` | `query:${string}` | ' +
  "`cookie:${string}`";

/** A gateway with the upstreams `users` and `files`. */
export function gateway(rest: string): string {
  return `export default defineGateway({ upstreams: { users: "http://a", files: "http://b" }, ${rest} });`;
}

/** A route with which that gateway is right. */
export const ROUTES = 'routes: [{ path: "/a", upstream: "users" }]';

/** One route of that gateway. */
export function route(fields: string): string {
  return gateway(`routes: [{ ${fields} }]`);
}

/** A gateway with this upstream. */
export function upstream(value: string): string {
  return `export default defineGateway({ upstreams: { app: ${value} }, routes: [{ path: "/a", upstream: "app" }] });`;
}

/** The message for a value of the wrong type. */
export function wrong(seen: string, expected: string, meant?: string): string {
  const hint = meant === undefined ? "" : ` Did you mean '${meant}'?`;
  return `Type '${seen}' is not assignable to type '${expected}'.${hint}`;
}

/** The message for an unknown key. */
export function unknownKey(key: string, type: string, meant?: string): string {
  return meant === undefined
    ? `Object literal may only specify known properties, and '${key}' does not exist in type '${type}'.`
    : `Object literal may only specify known properties, but '${key}' does not exist in type '${type}'. ` +
      `Did you mean to write '${meant}'?`;
}

/** How the compiler prints the config that {@link gateway} makes. */
export function gatewayType(listeners: string, routes: string): string {
  return `GatewayConfig<{ readonly users: "http://a"; readonly files: "http://b"; }, readonly [], ` +
    `Record<never, never>, ${listeners}, ` +
    `readonly [], ${routes}, Record<never, never>>`;
}
