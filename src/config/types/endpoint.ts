/** Endpoints of an upstream as they are written. @module */

import type { Demo } from "../demo.ts";
import type { ServerUrl } from "./literals.ts";

/** One address of an upstream with what is its own. */
export interface EndpointConfig<Url extends string = string> {
  /**
   * `"http://10.0.0.1:9000"`, or `"unix:/run/app.sock"`: http over a Unix socket, by its absolute path. No path on the
   * server, query or credentials: a route's `rewrite` changes paths.
   */
  readonly url: Url;
  /**
   * Share of the requests, against the other endpoints' weights; a whole number from 1 to 1000.
   *
   * @default 1
   */
  readonly weight?: number;
}

/** One address of an upstream: a URL, a URL with settings, or what `demo()` returns. */
export type Endpoint = string | EndpointConfig | Demo;

/**
 * The endpoints expected where `L` was written. Each gets the one type of its form instead of the union of all forms,
 * so that the compiler names the wrong key and not the whole upstream.
 */
export type CheckedEndpoints<L> = L extends readonly [] ? "an upstream has at least one endpoint"
  : L extends readonly unknown[] ? { readonly [I in keyof L]: CheckedEndpoint<L[I]> }
  : readonly Endpoint[];

type CheckedEndpoint<E> = E extends string ? CheckedUrl<E>
  : E extends { readonly demo: unknown } ? Demo
  : E extends { readonly url: infer Url extends string } ? EndpointConfig<CheckedUrl<Url>>
  : EndpointConfig;

/**
 * The URL itself, or what it should have been. A `string` that is not known before run time passes (a URL from the
 * environment): `check` sees it.
 */
export type CheckedUrl<Url extends string> = string extends Url ? string
  : Url extends `unix://${infer Path}` ? `unix:/${Path extends `/${infer Rest}` ? Rest : Path}`
  : Url extends ServerUrl ? Url
  : Url extends `unix:${infer Path}` ? `unix:/${Path}`
  : Url extends `${string}://${infer Rest}` ? `http://${Rest}` | `https://${Rest}`
  : `http://${Url}`;
