/** Where limits are counted and answers kept: in this process, across its threads, or across machines. @module */

import type { z } from "zod";
import type { CacheTier, CacheTierInit } from "./cache_tier.ts";
import type { Clock } from "./clock.ts";
import type { Events } from "./events.ts";
import type { MaybePromise } from "./handler.ts";
import type { Algorithm, Rule, Verdict } from "./limit.ts";
import type { Log } from "./log.ts";
import type { Random } from "./random.ts";
import { Recorder } from "./recorded.ts";
import type { SecretReader } from "./secret.ts";

/** A store could not be asked, or did not answer in time. What it was asked may have happened all the same. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** The limits of one policy, counted in one store. The arrays that its methods are given are read before they return. */
export interface Limiter {
  /**
   * Decides about a request under all limits together: it is charged to all of them, or, where one refuses, to none. The
   * limits that would have admitted it then tell what they have left without it.
   *
   * @param keys of each limit, the text that it counts by
   * @param rules of each limit
   * @returns of each limit; the promise rejects with a {@link StoreError}
   */
  take(keys: readonly string[], rules: readonly Rule[], cost: number): MaybePromise<readonly Verdict[]>;
  /** Charges all limits without asking, or gives back where `amount` is negative. @throws StoreError as {@link take} */
  charge(keys: readonly string[], rules: readonly Rule[], amount: number): MaybePromise<void>;
  close?(): void;
}

/** What a limiter is made for. */
export interface LimiterInit {
  /** Id of the policy's node: its counts outlive a reload, and are shared with whoever has the same id in the same store. */
  readonly id: string;
  /** Of each limit. */
  readonly algorithms: readonly Algorithm[];
  /**
   * Of each limit, what its counts mean: those that were made under other words are nothing to it.
   *
   * @default the algorithms' names
   */
  readonly kinds?: readonly string[];
  /** Keys that are remembered at least; beyond, those are forgotten that have used least. Redis has limits of its own. */
  readonly maxKeys: number;
}

/** An open store. */
export interface Store {
  /** Whether it is elsewhere: it answers later, and may be away. */
  readonly remote: boolean;
  limiter(init: LimiterInit): Limiter;
  /** The second tier of a cache. @default it keeps no answers */
  cacheTier?(init: CacheTierInit): CacheTier;
  close(): void;
}

/** What a store may use of the world. */
export interface StoreEnv {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly events: Events;
  readonly secrets: SecretReader;
  readonly regions: Regions;
}

/** Memory that the threads of the process have in common. */
export interface Regions {
  /** The region of this name: made of zeros, `bytes` long, by whoever asks first. */
  region(name: string, bytes: number): SharedArrayBuffer;
}

/** What one kind of store is. */
export interface StoreDefinition<Parsed = unknown> {
  /** The factory's name in TypeScript and in YAML. */
  readonly kind: string;
  /** Checks and completes the options. */
  readonly schema: z.ZodType<Parsed>;
  /** In a few words. */
  describe(options: Parsed): string;
  /** Whether an algorithm must have its {@link Algorithm.lua}. */
  readonly needsLua: boolean;
  /** Whether it has a {@link Store.cacheTier}. @default false */
  readonly keepsAnswers?: boolean;
  /** Opens it. Connections are made in the background: what cannot be reached fails when it is asked. */
  open(options: Parsed, env: StoreEnv, name: string): Store;
}

declare const isStore: unique symbol;

/** A store as a config has it: prints as `{ kind, options }`. */
export interface StoreConfig<Kind extends string = string> {
  readonly kind: Kind;
  readonly options: unknown;
  /** Never there: it tells stores from policies, which print alike. */
  readonly [isStore]: true;
}

const stores = new Recorder<StoreDefinition>();

/** Records a store. The validator looks at the options. */
export function recordStore<K extends string>(definition: StoreDefinition, options: unknown): StoreConfig<K> {
  return stores.record(definition, options) as unknown as StoreConfig<K>;
}

/** The definition behind a store value, or `undefined` when no factory made it. */
export function storeDefinitionOf(store: unknown): StoreDefinition | undefined {
  return stores.definitionOf(store);
}
