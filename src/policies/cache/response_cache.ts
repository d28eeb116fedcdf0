/** What one cache keeps, from one plan to the next. @module */

import type { AnswerCache, CacheReport } from "../../core/answer_cache.ts";
import type { BuildEnv } from "../../core/build_env.ts";
import type { CacheTier } from "../../core/cache_tier.ts";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import { mayMean, type Purge } from "../../core/purge.ts";
import { thrownMessage } from "../../core/thrown.ts";
import { CacheCounts } from "./cache_counts.ts";
import type { CachePlan } from "./cache_plan.ts";
import { Fills } from "./fills.ts";
import type { CacheKeys } from "./key_reader.ts";
import { MemoryShelf } from "./memory/memory_shelf.ts";
import { NormalForms } from "./selection/normal_forms.ts";
import { SecondTier, type SecondTierReport } from "./tier/second_tier.ts";
import { Uncacheable } from "./uncacheable.ts";

/** What it tells of itself. */
export interface ResponseCacheReport extends CacheReport {
  readonly maxEntries: number;
  /** Answers on their way into it. */
  readonly underWay: number;
  readonly outcomes: { readonly [outcome in keyof Omit<CacheCounts, "add">]: number };
  /** What came of asking the store; `null`: there is none. */
  readonly secondTier: SecondTierReport | null;
}

/** Both tiers, what is under way, and what has turned out not to be kept. */
export class ResponseCache implements AnswerCache {
  readonly shelf: MemoryShelf;
  /** The second tier; `null`: there is none. */
  tier: SecondTier | null = null;
  readonly fills = new Fills();
  readonly uncacheable: Uncacheable;
  readonly forms = new NormalForms();
  readonly counts = new CacheCounts();
  readonly #id: string;
  readonly #plan: CachePlan;
  readonly #keys: CacheKeys;
  readonly #log: Log;
  readonly #clock: Clock;
  #store: CacheTier | undefined = undefined;
  #functions: readonly unknown[];
  readonly #by: string;

  /** @param by what of the config tells answers apart */
  constructor(id: string, plan: CachePlan, keys: CacheKeys, by: string, env: BuildEnv) {
    this.#by = by;
    this.#functions = functionsOf(plan);
    this.#id = id;
    this.#plan = plan;
    this.#keys = keys;
    this.shelf = new MemoryShelf(plan, env.clock);
    this.uncacheable = new Uncacheable(() => env.clock.now());
    this.#log = env.log;
    this.#clock = env.clock;
  }

  /**
   * A plan takes it over, with this store behind it: every plan asks its store anew, and gets the same as long as that is
   * what it was. What functions have told apart is of no use to other functions.
   */
  use(plan: CachePlan, store: CacheTier | undefined): void {
    const functions = functionsOf(plan);
    if (functions.length !== this.#functions.length || functions.some((one, i) => one !== this.#functions[i])) {
      this.#functions = functions;
      this.#purgeHere(EVERYTHING);
    }
    if (store === this.#store) return;
    this.tier?.close();
    // What others have purged meanwhile has not been heard.
    if (this.#store !== undefined) this.#purgeHere(EVERYTHING);
    this.#store = store;
    const init = { clock: this.#clock, forms: this.forms, grace: this.#plan.grace, by: this.#by };
    this.tier = store === undefined
      ? null
      : new SecondTier(store, init, (order) => this.#purgeHere(order ?? EVERYTHING));
  }

  /** What is kept of this URL, or is on its way, is not used again without having been shown to be good. */
  invalidate(key: string): void {
    const order: Purge = { target: { url: key }, soft: false };
    this.#purgeHere(order);
    this.tier?.purge(order).catch((error) => {
      this.#log.warn("an answer that has changed could not be taken out of the store", {
        cache: this.#id,
        cause: thrownMessage(error),
      });
    });
  }

  purge(order: Purge, told = false): number | Promise<number> {
    const keyed = this.#keys.orderOf(order);
    if (keyed === null) return 0;
    const count = this.#purgeHere(keyed);
    return this.tier === null || told ? count : this.tier.purge(keyed).then((there) => Math.max(count, there));
  }

  report(): ResponseCacheReport {
    const { hit, stale, revalidated, collapsed, miss, bypass } = this.counts, { maxBytes, maxEntries } = this.#plan;
    return {
      id: this.#id,
      entries: this.shelf.entries,
      maxEntries,
      bytes: this.shelf.bytes,
      maxBytes,
      underWay: this.fills.size,
      outcomes: { hit, stale, revalidated, collapsed, miss, bypass },
      secondTier: this.tier?.report() ?? null,
    };
  }

  close(): void {
    this.fills.close();
    this.tier?.close();
    this.shelf.close();
  }

  #purgeHere(order: Purge): number {
    this.fills.outdate((key) => mayMean(order.target, key));
    return this.shelf.purge(order);
  }
}

const EVERYTHING: Purge = { target: { all: true }, soft: false };

function functionsOf({ vary }: CachePlan): readonly unknown[] {
  return vary.filter((option) => typeof option === "function");
}
