/** The second tier of a cache: answers that several processes have in common. @module */

import type { CacheTier } from "../../../core/cache_tier.ts";
import type { Clock } from "../../../core/clock.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { HeaderList } from "../../../core/header_list.ts";
import { mayMean, type Purge } from "../../../core/purge.ts";
import { StoreError } from "../../../core/store.ts";
import { seenWait, storeWait } from "../../seen_wait.ts";
import { COMPRESSIBLE, compressibleTypes } from "../../shape/compress/compressible_types.ts";
import type { NormalForms } from "../selection/normal_forms.ts";
import { selectingText } from "../selection/vary.ts";
import type { StoredResponse } from "../stored_response.ts";
import { keepFor } from "./keep_for.ts";
import { LARGEST_BODY, readStored, storedBytes } from "./stored_bytes.ts";
import { listLine, readLists } from "./vary_lists.ts";

/** The field that says what the variants are of. Those of variants begin with a digit. */
const LISTS = "vary";

/** An answer with more stays in the first tier: each of them is a line in an index that all have in common. */
const MOST_TAGS = 250;

const WAIT = storeWait("get");
const UNSEEN: Pick<Exchange, "trace"> = Object.freeze({ trace: null });

/** What a second tier needs beside the store. */
export interface SecondTierInit {
  /** The one of `StoredResponse.receivedAt`. */
  readonly clock: Clock;
  readonly forms: NormalForms;
  /** Of the plan. */
  readonly grace: number;
  /**
   * What variants are of, as a text. Caches for which that is something else, before and after a change of the config, say,
   * have the same URLs to purge, and none of each other's answers.
   *
   * @default ""
   */
  readonly by?: string;
}

/** A look-up under way. */
interface Asked {
  readonly key: string;
  /** Whether it may find what was purged meanwhile. */
  outdated: boolean;
}

/** What came of asking it. */
export interface SecondTierReport {
  readonly reads: number;
  readonly hits: number;
  readonly writes: number;
  readonly failures: number;
}

/** Finds and keeps answers in a store; a store that is away has none. */
export class SecondTier {
  readonly #tier: CacheTier;
  readonly #init: SecondTierInit;
  readonly #isCompressible = compressibleTypes(COMPRESSIBLE);
  readonly #counts = { reads: 0, hits: 0, writes: 0, failures: 0 };
  readonly #asked = new Set<Asked>();
  readonly #end: () => void;

  /** @param onPurged hears what others have purged; `null`: something, as it could not be heard for a while */
  constructor(tier: CacheTier, init: SecondTierInit, onPurged: (order: Purge | null) => void = () => {}) {
    this.#tier = tier;
    this.#init = init;
    this.#end = tier.onPurge((order) => {
      this.#outdate(order);
      onPurged(order);
    });
  }

  /**
   * The newest answer for this URL and variant that was chosen by fields which this request has too, within the store's
   * time-out.
   *
   * @param variant what of it is in no `Vary`
   * @param seen in whose trace the wait is told of
   * @returns `null` also where the store is away
   */
  find(
    key: string,
    variant: string,
    headers: HeaderList,
    seen: Pick<Exchange, "trace"> = UNSEEN,
  ): Promise<StoredResponse | null> {
    const asked: Asked = { key, outdated: false };
    this.#asked.add(asked);
    const find = async () => {
      this.#counts.reads++;
      const tier = this.#tier, deadline = tier.deadline();
      const [lists, plain] = await tier.read(key, [LISTS, this.#field(variant, [], headers)], deadline);
      const fields = (lists === null ? [] : readLists(lists.bytes)).map((list) => this.#field(variant, list, headers));
      const values = fields.length === 0 ? [] : await tier.read(key, fields, deadline);
      // What was chosen by fields of the request goes before what was not (RFC 9111 §4.1).
      const [newest = plain] = values.filter((value) => value !== null).sort((a, b) => a.age - b.age);
      if (newest === null || asked.outdated) return null;
      const found = readStored(newest, this.#init.clock.now());
      if (found !== null) this.#counts.hits++;
      return found;
    };
    return this.#orNothing(() => seenWait(seen, WAIT, find())).finally(() => this.#asked.delete(asked));
  }

  /** Keeps an answer, unless it is too long or of no use to others. Never rejects; nobody has to wait for it. */
  async keep(key: string, variant: string, headers: HeaderList, stored: StoredResponse): Promise<void> {
    const { clock, grace } = this.#init, now = clock.now(), ttl = keepFor(stored, grace, now);
    const { body, vary, tags, receivedAt, took } = stored;
    if (body.length > LARGEST_BODY || tags.length > MOST_TAGS || ttl <= 0) return;
    await this.#orNothing(async () => {
      const written = await this.#tier.write(key, {
        field: this.#field(variant, vary, headers),
        value: storedBytes(stored, now, this.#isCompressible),
        first: vary.length === 0 ? undefined : [LISTS, listLine(vary)],
        ttl,
        tags,
        since: now - receivedAt + took,
      });
      if (written) this.#counts.writes++;
      return null;
    });
  }

  /** Takes out, here and in the first tiers of all others. @throws StoreError (rejects) where that could not be done, or not wholly */
  purge(order: Purge): Promise<number> {
    this.#outdate(order);
    return this.#tier.purge(order);
  }

  report(): SecondTierReport {
    return { ...this.#counts };
  }

  /** It hears of no more purges. The store stays open: it is not this object's. */
  close(): void {
    this.#end();
  }

  #field(variant: string, names: readonly string[], headers: HeaderList): string {
    const { forms, by = "" } = this.#init;
    return `${by.length} ${by}${variant.length} ${variant}${names.join()}${selectingText(names, headers, forms)}`;
  }

  /** @param order `null`: whatever it was */
  #outdate(order: Purge | null): void {
    for (const asked of this.#asked) if (order === null || mayMean(order.target, asked.key)) asked.outdated = true;
  }

  async #orNothing<T>(run: () => Promise<T | null>): Promise<T | null> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#counts.failures++;
      return null;
    }
  }
}
