/** The store that the workers of a process share. @module */

import type { z } from "zod";
import { recordStore, type StoreConfig, type StoreDefinition } from "../core/store.ts";
import { wholeNumber } from "../settings/number_between.ts";
import { settings } from "../settings/shapes.ts";
import { SharedStore } from "./shared_memory/shared_store.ts";

/** A full table of that many keys takes a gigabyte, for each limit. */
const MOST_KEYS = 10_000_000;
const DEFAULT_KEYS = 100_000;

/** Options of {@link shared}. */
export interface SharedOptions {
  /**
   * Most keys that a policy can have remembered at least: it gets room for as many as its own `maxKeys` says, and no more
   * than this. The memory is reserved at once, for each limit of each policy: 16 to 32 bytes a place, and two to four
   * places a key. When a table is full, those are forgotten that have used least.
   *
   * @default 100000
   */
  readonly maxKeys?: number;
}

/**
 * Counts in memory that the workers of one process share: exact across them, and at once. What several processes are to
 * count together needs `redis()`.
 *
 * A worker that ends in the middle of a decision leaves that one decision uncertain. Others that need the same of its 64
 * parts then wait for up to a second.
 *
 * @example
 * ```ts
 * import { shared } from "gatewright";
 *
 * console.log(shared({ maxKeys: 50_000 }).kind); // shared
 * ```
 */
export function shared(options: SharedOptions = {}): StoreConfig<"shared"> {
  return recordStore(sharedDefinition, options);
}

const schema = settings("settings such as { maxKeys: 100000 }", {
  maxKeys: wholeNumber(1, MOST_KEYS).prefault(DEFAULT_KEYS).describe("Most keys that each limit remembers at least."),
});
type Parsed = z.output<typeof schema>;

/** What `shared()` is made into. */
export const sharedDefinition: StoreDefinition<Parsed> = {
  kind: "shared",
  schema,
  describe: ({ maxKeys }) => `shared memory, ${maxKeys} keys a limit`,
  needsLua: false,
  open: ({ maxKeys }, env, name) => new SharedStore(env, name, maxKeys),
};
