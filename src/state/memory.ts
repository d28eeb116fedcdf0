/** The store in this process's memory. @module */

import type { z } from "zod";
import type { Limiter, LimiterInit, Store, StoreConfig, StoreDefinition, StoreEnv } from "../core/store.ts";
import { recordStore } from "../core/store.ts";
import { settings } from "../settings/shapes.ts";
import { MemoryLimiter } from "./memory/memory_limiter.ts";

/**
 * Counts in memory: exact, at once, and this process's own. What several gateways are to count together needs
 * `redis()`.
 *
 * @example
 * ```ts
 * import { memory } from "gatewright";
 *
 * console.log(memory().kind); // memory
 * ```
 */
export function memory(): StoreConfig<"memory"> {
  return recordStore(memoryDefinition, {});
}

/** What `memory()` is made into. */
export const memoryDefinition: StoreDefinition = {
  kind: "memory",
  schema: settings("no settings", {}) as z.ZodType<unknown>,
  describe: () => "memory",
  needsLua: false,
  open: (_options, { clock }) => new MemoryStore(clock),
};

class MemoryStore implements Store {
  readonly remote = false;
  readonly #clock: StoreEnv["clock"];

  constructor(clock: StoreEnv["clock"]) {
    this.#clock = clock;
  }

  limiter(init: LimiterInit): Limiter {
    return new MemoryLimiter(init, this.#clock);
  }

  close(): void {}
}
