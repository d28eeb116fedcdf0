/** What the files of a split config share. @module */

import type { Chain } from "./chain.ts";
import type { Infer } from "./infer.ts";
import type { CheckedUpstreams, Upstream } from "./upstream.ts";

/** What `defineBase` takes. `U` are the upstreams, `G` the policies as they were written. */
export interface BaseConfig<U, G> {
  /** Pools of servers by name: a URL, a list of endpoints, or settings. */
  readonly upstreams?: Infer<U> & CheckedUpstreams<U>;
  /** What runs for every request, before the routes' own policies, first to last; also around 404 and 405 answers. */
  readonly policies?: Infer<G> & Chain<G, never, "global">;
}

/** Upstreams and global policies, with their names and facts kept for `routes(base, [...])`. */
export interface Base<U extends string, G> {
  readonly upstreams: { readonly [K in U]: Upstream };
  readonly policies: G;
}
