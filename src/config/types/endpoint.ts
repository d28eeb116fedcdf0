/** Endpoints of an upstream as they are written. @module */

import type { Demo } from "../demo.ts";
import type { DnsEndpoints } from "./discovery.ts";
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
  /**
   * Used while no endpoint that is no backup can be: the same as `tier: 1`.
   *
   * @default false
   */
  readonly backup?: boolean;
  /**
   * From 0 to 9: endpoints of a tier are used while no lower tier has one that can be. Not with `backup`.
   *
   * @default 0
   */
  readonly tier?: number;
  /**
   * Most requests under way at this endpoint, in place of the upstream's `maxInFlight.perEndpoint`.
   *
   * @default the upstream's
   */
  readonly maxInFlight?: number;
}

/** One address of an upstream: a URL, a URL with settings, or what `demo()` returns. */
export type AnyEndpoint = string | EndpointConfig | Demo;

/**
 * The endpoints expected where `L` was written. Each gets the one type of its form instead of the union of all forms,
 * so that the compiler names the wrong key and not the whole upstream.
 */
export type CheckedEndpoints<L> = L extends readonly [] ? "an upstream has at least one endpoint"
  : L extends readonly unknown[] ? { readonly [I in keyof L]: CheckedEndpoint<L[I]> }
  : L extends { readonly dns: infer Url extends string } ? DnsEndpoints<CheckedDns<Url>>
  : L extends object ? DnsEndpoints
  : readonly AnyEndpoint[] | DnsEndpoints;

/** The URL of a name that is looked up, or what it should have been. */
type CheckedDns<Url extends string> = string extends Url ? string
  : Url extends `http://${string}` | `https://${string}` ? Url
  : Url extends `${string}://${infer Rest}` ? `http://${Rest}` | `https://${Rest}`
  : `http://${Url}`;

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
