/** Names of stores: of their kinds in YAML and JSON, and the one that policies use which name none. @module */

import { recordStore, type StoreConfig, type StoreDefinition, storeDefinitionOf } from "../core/store.ts";
import { memoryDefinition } from "../state/memory.ts";
import { redisDefinition } from "../state/redis.ts";
import { sharedDefinition } from "../state/shared_memory.ts";
import type { Finding } from "./finding.ts";
import { type NameTable, readNamed } from "./named_value.ts";
import { settingsOf } from "./read_part.ts";

/** The store of every policy that names none. */
export const DEFAULT_STORE = "default";

/** The kind of {@link DEFAULT_STORE} in a config that does not say. */
export const defaultStoreDefinition: StoreDefinition = memoryDefinition;

/** {@link DEFAULT_STORE} in a config that does not say. */
export function defaultStore(): StoreConfig {
  return recordStore(defaultStoreDefinition, defaultStoreDefinition.schema.parse({}));
}

/** The kinds of stores that every config knows. */
export const BUILT_IN_STORES: ReadonlyMap<string, StoreDefinition> = new Map(
  [memoryDefinition, sharedDefinition as StoreDefinition, redisDefinition as StoreDefinition]
    .map((definition) => [definition.kind, definition]),
);

const TABLE: NameTable = {
  what: "store",
  example: "memory, or redis: { … }",
  // Not by the factories, some of which take no options and would drop those that are written.
  named: new Map(
    [...BUILT_IN_STORES].map(([kind, definition]) => [kind, (options) => recordStore(definition, options)]),
  ),
  complete: true,
  isOne: (value) => storeDefinitionOf(value) !== undefined,
  elsewhere: () => "",
};

/** Stores by name, each made of its kind's name and options. What is wrong is reported, and its place marked. */
export function namedStores(written: unknown, found: Finding[]): unknown {
  const entries = Object.entries(settingsOf(written));
  if (entries.length === 0) return written;
  return Object.fromEntries(entries.map(([name, entry]) => [name, readNamed(entry, ["stores", name], TABLE, found)]));
}
