/** The whole config: as it is written, and as it leaves the checks of the types. @module */

import type { Invariant } from "../../core/invariant.ts";
import type { Policy } from "../../core/policy.ts";
import type { StoreConfig } from "../../core/store.ts";
import type { Chain, GivesAll } from "./chain.ts";
import type { CheckedConsumers, ConsumerConfig } from "./consumers.ts";
import type { Infer } from "./infer.ts";
import type { RouteConfig, Routes } from "./route.ts";
import type { CheckedIncludes, RouteSet } from "./route_set.ts";
import type { GatewaySettings } from "./settings.ts";
import type { CheckedStores, ConfigFacts } from "./store.ts";
import type { CheckedUpstreams, NamesOf, Upstream } from "./upstream.ts";

/**
 * What `defineGateway` takes. The parameters are the parts of the literal as they were written: `U` the upstreams, `G`
 * the global policies, `D` the stores, `L` the listeners, `S` the included sets, `P` the paths, `R` the routes, `C` the
 * consumers.
 */
export interface GatewayConfig<U, G, D, L, S, P extends readonly string[], R, C = unknown> extends GatewaySettings<L> {
  /** Pools of servers by name: a URL, a list of endpoints, or settings. */
  readonly upstreams?: Infer<U> & CheckedUpstreams<U>;
  /**
   * Where limits are counted, by name. Policies name one as their `store`; `default` is that of policies which name none.
   *
   * @default { default: memory() }
   */
  readonly stores?: Infer<D> & CheckedStores<D>;
  /**
   * Who calls, by name: an application, a partner, a team, each with its credentials, which identity policies such as
   * `apiKey()` look for, and with limits and other policies of its own.
   *
   * @default none
   */
  readonly consumers?: Infer<C> & CheckedConsumers<C, ConfigFacts<NamesOf<U>, NamesOf<D>>>;
  /** What runs for every request, before the routes' own policies, first to last; also around 404 and 405 answers. */
  readonly policies?: Infer<G> & Chain<G, ConfigFacts<NamesOf<U>, NamesOf<D>>, "global">;
  /** What must hold for each route. `check` and `start` refuse a config in which one does not. */
  readonly invariants?: readonly Invariant[];
  /** What is served. The most specific route wins, whatever the order. */
  readonly routes: Routes<P, R, NamesOf<U>, GivesAll<G> | ConfigFacts<NamesOf<U>, NamesOf<D>>>;
  /**
   * Routes of other files, made by `routes(base, [...])`. Better than `...spread` into `routes`: after a spread the
   * compiler reports errors against the wrong element.
   */
  readonly include?: Infer<S> & CheckedIncludes<S, NamesOf<U>, GivesAll<G> | `store:${NamesOf<D>}`>;
}

/** What a config file exports: plain, wide, quick to print, and the same as YAML or JSON would give. */
export interface Gateway extends GatewaySettings {
  readonly upstreams?: { readonly [name: string]: Upstream };
  readonly stores?: { readonly [name: string]: StoreConfig };
  readonly consumers?: { readonly [name: string]: ConsumerConfig };
  readonly policies?: readonly Policy[];
  readonly invariants?: readonly Invariant[];
  readonly routes: readonly RouteConfig[];
  readonly include?: readonly RouteSet[];
}
