/** Stores as they are written, and the facts that they provide. @module */

import type { StoreConfig } from "../../core/store.ts";

/** The stores expected where `D` was written. A mapped type over `D` itself, so that `D` is inferred from its names. */
export type CheckedStores<D> = { readonly [K in keyof D]: StoreConfig };

/** What a policy needs of the store that is there in any case. */
export type DefaultStore = "store:default";

/** What policies may need of a config with upstreams and stores of these names, wherever they stand in it. */
export type ConfigFacts<Upstream extends string, Store extends string> = `upstream:${Upstream}` | `store:${Store}`;
