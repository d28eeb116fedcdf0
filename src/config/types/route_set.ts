/** Routes that are checked in a file of their own. @module */

import type { RouteConfig } from "./route.ts";

declare const routeSet: unique symbol;

/**
 * Routes from another file: `U` are the upstreams they count on, `Have` the facts they expect of the global policies.
 * Prints as `{ routes }`, the shape that an included YAML file has.
 */
export interface RouteSet<U extends string = string, Have extends string = string> {
  readonly routes: readonly RouteConfig[];
  /** Never there; carries the types. */
  readonly [routeSet]: { readonly upstreams: U; readonly given: Have };
}

/** The sets expected where `L` was written, with a sentence in place of each that the config has no base for. */
export type CheckedIncludes<L, U extends string, Have extends string> = L extends readonly unknown[]
  ? { readonly [I in keyof L]: Included<L[I], U, Have> }
  : readonly RouteSet[];

type Included<S, U extends string, Have extends string> = S extends RouteSet<infer Names, infer Given>
  ? [Names] extends [U] ? [Given] extends [Have] ? RouteSet : Missing<Exclude<Given, Have>>
  : `these routes count on an upstream named ${Exclude<Names, U>}`
  : "include takes what routes(base, [...]) returns";

type Missing<Fact extends string> = Fact extends `store:${infer Name}` ? `these routes count on a store named ${Name}`
  : `these routes count on a global policy that provides ${Fact}`;
