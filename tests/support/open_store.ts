/** Stores opened as the gateway opens them. @module */

import type { Clock } from "../../src/core/clock.ts";
import { Events } from "../../src/core/events.ts";
import { type Log, silentLog } from "../../src/core/log.ts";
import { type Store, type StoreConfig, storeDefinitionOf, type StoreEnv } from "../../src/core/store.ts";
import { SharedRegions } from "../../src/runtime/shared_regions.ts";
import { memory } from "../../src/state/memory.ts";

/** What a store is opened with; nothing is logged unless `world` says where. */
export function storeEnv(clock: Clock, world: Partial<StoreEnv> & { readonly log?: Log } = {}): StoreEnv {
  return {
    clock,
    random: () => 0.5,
    log: silentLog,
    events: new Events(),
    secrets: () => ({ error: "there are no secrets" }),
    regions: new SharedRegions(),
    ...world,
  };
}

/** Opens a store as a config has it. */
export function openStore(config: StoreConfig, env: StoreEnv, name = "default"): Store {
  const definition = storeDefinitionOf(config);
  if (definition === undefined) throw new TypeError("this is no store");
  return definition.open(definition.schema.parse(config.options), env, name);
}

/** A store in memory. */
export function memoryStore(clock: Clock): Store {
  return openStore(memory(), storeEnv(clock));
}
