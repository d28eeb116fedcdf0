/** The stores of a plan, each opened when somebody first asks for it. @module */

import { DEFAULT_STORE } from "../config/store_names.ts";
import type { BuildEnv } from "../core/build_env.ts";
import { type StoreConfig, type StoreDefinition, storeDefinitionOf, type StoreEnv } from "../core/store.ts";
import { memoryDefinition } from "../state/memory.ts";
import { KeptStore } from "./kept_store.ts";
import type { StorePlan } from "./plan.ts";

/** What counts in this process while a store is away. No store of a config has this name. */
const LOCAL = "";

/**
 * Makes `BuildEnv.store` and `BuildEnv.localStore`. A store that stays as it is keeps its connections over a reload, also
 * where its policies change; one that changed, or that nobody asks for any more, is closed with the plan that had it.
 */
export function stores(
  plans: readonly StorePlan[],
  world: StoreEnv & Pick<BuildEnv, "state">,
): Pick<BuildEnv, "store" | "localStore"> {
  const { clock, random, log, events, secrets, regions, state } = world;
  const env: StoreEnv = { clock, random, log: log.in("stores"), events, secrets, regions };
  const opened = (
    name: string,
    { kind, options }: Pick<StoreConfig, "kind" | "options">,
    definition: StoreDefinition,
  ) => {
    const shape = { kind, options };
    return new KeptStore(name, state(`store/${name}`, shape, () => definition.open(options, env, name)), shape, state);
  };
  return {
    store(name = DEFAULT_STORE) {
      const store = plans.find((plan) => plan.name === name)?.store, definition = storeDefinitionOf(store);
      if (store === undefined || definition === undefined) throw new TypeError(`there is no store "${name}"`);
      return opened(name, store, definition);
    },
    localStore: () => opened(LOCAL, { kind: "memory", options: {} }, memoryDefinition),
  };
}
