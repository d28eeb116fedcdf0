/** What the files of a split config share. @module */

import type { StoreConfig } from "../../core/store.ts";
import type { Chain } from "./chain.ts";
import type { Infer } from "./infer.ts";
import type { CheckedStores, ConfigFacts } from "./store.ts";
import type { CheckedUpstreams, NamesOf, Upstream } from "./upstream.ts";

/** What `defineBase` takes. `U` are the upstreams, `G` the policies, `D` the stores as they were written. */
export interface BaseConfig<U, G, D> {
  /** Pools of servers by name: a URL, a list of endpoints, or settings. */
  readonly upstreams?: Infer<U> & CheckedUpstreams<U>;
  /** Where limits are counted, by name; `default` is for the policies that name none. */
  readonly stores?: Infer<D> & CheckedStores<D>;
  /** What runs for every request, before the routes' own policies, first to last; also around 404 and 405 answers. */
  readonly policies?: Infer<G> & Chain<G, ConfigFacts<NamesOf<U>, NamesOf<D>>, "global">;
}

/** Upstreams, stores and global policies, with their names and facts kept for `routes(base, [...])`. */
export interface Base<U extends string, G, D extends string = never> {
  readonly upstreams: { readonly [K in U]: Upstream };
  readonly stores: { readonly [K in D]: StoreConfig };
  readonly policies: G;
}
