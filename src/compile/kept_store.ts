/** A store whose limiters and tiers outlive a reload. @module */

import type { BuildEnv } from "../core/build_env.ts";
import type { CacheTier, CacheTierInit } from "../core/cache_tier.ts";
import type { Algorithm } from "../core/limit.ts";
import type { Limiter, LimiterInit, Store } from "../core/store.ts";

/**
 * Keeps each limiter as long as its policy's node and its store are what they were: what clients have used stays used,
 * also where a limit is another number now.
 */
export class KeptStore implements Store {
  readonly #name: string;
  readonly #store: Store;
  readonly #shape: unknown;
  readonly #state: BuildEnv["state"];
  /** Where the store has it. */
  readonly cacheTier?: (init: CacheTierInit) => CacheTier;

  /** @param shape of the store, without which its limiters are others */
  constructor(name: string, store: Store, shape: unknown, state: BuildEnv["state"]) {
    this.#name = name;
    this.#store = store;
    this.#shape = shape;
    this.#state = state;
    if (store.cacheTier !== undefined) {
      this.cacheTier = (init) => state(`answers/${name}/${init.id}`, { store: shape }, () => store.cacheTier!(init));
    }
  }

  get remote(): boolean {
    return this.#store.remote;
  }

  limiter(init: LimiterInit): Limiter {
    const { kinds, maxKeys } = init;
    const shape = { store: this.#shape, kinds, maxKeys, algorithms: init.algorithms.map(codeOf) };
    return this.#state(`limits/${this.#name}/${init.id}`, shape, () => this.#store.limiter(init));
  }

  /** It is the registry's to close what it keeps. */
  close(): void {}
}

/** What an algorithm does, in so many words: one that was changed is another, and what it has kept is its own affair. */
function codeOf({ name, size, take, charge, lua }: Algorithm): unknown {
  return { name, size, take: String(take), charge: String(charge), lua };
}
