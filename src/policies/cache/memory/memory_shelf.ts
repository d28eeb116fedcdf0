/** The first tier of a cache: answers in this process's memory. @module */

import type { Clock } from "../../../core/clock.ts";
import type { HeaderList } from "../../../core/header_list.ts";
import type { Purge, Purgeable, PurgeTarget } from "../../../core/purge.ts";
import type { StoredResponse } from "../stored_response.ts";
import { entryBytes } from "./entry_bytes.ts";
import type { Eviction } from "./eviction.ts";
import { madeStale } from "./made_stale.ts";
import { ownResponse } from "./own_response.ts";
import { printOf } from "./prints.ts";
import { S3Fifo } from "./s3_fifo.ts";
import { type Filling, ShelfEntry } from "./shelf_entry.ts";
import { ShelfIndex } from "./shelf_index.ts";
import { TagIndex } from "./tag_index.ts";
import { sameNames } from "./variants.ts";

export { ShelfEntry };

/** What a shelf may hold. */
export interface ShelfLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
  /** Of one answer, with all that it costs to keep it. @default maxBytes */
  readonly maxEntryBytes?: number;
}

/** Keeps answers by URL and variant within limits, and evicts those that are the least worth. */
export class MemoryShelf implements Purgeable {
  readonly #limits: Required<ShelfLimits>;
  readonly #clock: Clock;
  readonly #eviction: Eviction<ShelfEntry>;
  #index = new ShelfIndex();
  #tags = new TagIndex();
  #filling: Filling = { over: false };
  #bytes = 0;
  #entries = 0;

  /** @param clock the one of `StoredResponse.receivedAt` */
  constructor(limits: ShelfLimits, clock: Clock, eviction: Eviction<ShelfEntry> = new S3Fifo()) {
    this.#limits = { ...limits, maxEntryBytes: Math.min(limits.maxEntryBytes ?? limits.maxBytes, limits.maxBytes) };
    this.#clock = clock;
    this.#eviction = eviction;
  }

  /** What the answers take, with all that it costs to keep them. */
  get bytes(): number {
    return this.#bytes;
  }

  get entries(): number {
    return this.#entries;
  }

  /**
   * The newest answer for this URL and variant that was chosen by fields which this request has too. It counts as used.
   *
   * @param variant the cache's own part of what tells answers apart, in a text of its own; `""` for nothing
   */
  find(key: string, variant: string, headers: HeaderList): ShelfEntry | undefined {
    const entry = this.#index.find(key, variant, headers);
    if (entry !== undefined) this.#eviction.touched(entry);
    return entry;
  }

  /**
   * A text that requests for this URL share which the upstream would mostly give the same answer, as far as is known from
   * what it has chosen answers by; `null`: nothing is kept for it.
   */
  distinguish(key: string, headers: HeaderList): string | null {
    return this.#index.distinguish(key, headers);
  }

  /** Whether there is any answer for this URL, whoever it is for. */
  has(key: string): boolean {
    return this.#index.has(key);
  }

  /**
   * Keeps an answer, in the place of the one that it is a variant of, whose entry is then no longer held.
   *
   * @param headers the request's, as `find` had them
   * @returns where it is: `response` in it is a copy, so that what the answer was read from is not kept; `null` where it is
   * larger than may be, or worth less than all others
   */
  put(key: string, variant: string, headers: HeaderList, response: StoredResponse): ShelfEntry | null {
    const place = this.#index.placeOf(key, variant, headers, response);
    const entry = new ShelfEntry(place, ownResponse(response), printOf(place), this.#filling);
    entry.bytes = entryBytes(entry);
    const old = this.#index.like(entry);
    if (entry.bytes > this.#limits.maxEntryBytes) {
      if (old !== undefined) this.discard(old);
      return null;
    }
    if (old === undefined) this.#eviction.added(entry);
    else {
      this.#eviction.replaced(old, entry);
      this.#uncount(old);
    }
    this.#bytes += entry.bytes;
    this.#entries++;
    this.#tags.add(entry);
    for (const surplus of this.#index.put(entry)) this.discard(surplus);
    this.#makeRoom();
    return entry.held ? entry : null;
  }

  /**
   * Puts another answer in an entry, as a 304 makes one.
   *
   * @returns whether it is there: not where the entry is no longer held, as it was purged meanwhile, say, nor where the
   * answer has become too large or is chosen by other fields; the entry is gone then
   */
  replace(entry: ShelfEntry, response: StoredResponse): boolean {
    if (!entry.held) return false;
    if (!sameNames(response.vary, entry.response.vary)) {
      this.discard(entry);
      return false;
    }
    this.#change(entry, ownResponse(response));
    if (entry.bytes > this.#limits.maxEntryBytes) this.discard(entry);
    this.#makeRoom();
    return entry.held;
  }

  /** Takes out all variants. @returns how many */
  remove(key: string): number {
    return this.#discardAll(this.#index.at(key));
  }

  /** Takes out one. */
  discard(entry: ShelfEntry): void {
    if (!entry.held) return;
    this.#eviction.removed(entry);
    this.#forget(entry);
  }

  /**
   * As {@link Purgeable.purge}. A URL is a key as it is, a path alone that path behind whatever host. A prefix costs a look
   * at every key, 10 ms for 100,000; a soft purge costs 2 µs for each answer that it finds, a hard one of all nothing.
   */
  purge({ target, soft }: Purge): number {
    if ("all" in target && !soft) return this.#empty();
    const entries = this.#aimedAt(target);
    if (!soft) return this.#discardAll(entries);
    const now = this.#clock.now();
    for (const entry of entries) {
      entry.response = madeStale(entry.response, now);
      entry.ready = null;
    }
    return entries.length;
  }

  /** Keys that begin so, or, where it begins with `/`, whose path does; at most so many. It may look at every key. */
  keys(prefix = "", most = Infinity): string[] {
    const keys: string[] = [];
    for (const key of this.#index.beginning(prefix)) {
      if (keys.length >= most) break;
      keys.push(key);
    }
    return keys;
  }

  /** Empties it. */
  close(): void {
    this.#empty();
  }

  /** Without a look at what there is: that may be much. */
  #empty(): number {
    const entries = this.#entries;
    this.#filling.over = true;
    this.#filling = { over: false };
    this.#index = new ShelfIndex();
    this.#tags = new TagIndex();
    this.#eviction.clear();
    this.#bytes = this.#entries = 0;
    return entries;
  }

  #aimedAt(target: PurgeTarget): ShelfEntry[] {
    if ("tag" in target) return this.#tags.at(target.tag);
    if ("url" in target) {
      return target.url.startsWith("/") ? this.#index.atPath(target.url) : this.#index.at(target.url);
    }
    return this.keys("prefix" in target ? target.prefix : "").flatMap((key) => this.#index.at(key));
  }

  #discardAll(entries: readonly ShelfEntry[]): number {
    for (const entry of entries) this.discard(entry);
    return entries.length;
  }

  #change(entry: ShelfEntry, response: StoredResponse): void {
    this.#tags.remove(entry);
    entry.response = response;
    entry.ready = null;
    this.#tags.add(entry);
    const bytes = entryBytes(entry);
    this.#bytes += bytes - entry.bytes;
    this.#eviction.resized(entry, bytes);
  }

  #makeRoom(): void {
    const { maxBytes, maxEntries } = this.#limits;
    while (this.#bytes > maxBytes || this.#entries > maxEntries) {
      const victim = this.#eviction.victim();
      if (victim === undefined) return;
      this.#forget(victim);
    }
  }

  /** What has left the eviction's lines already. */
  #forget(entry: ShelfEntry): void {
    this.#index.remove(entry);
    this.#uncount(entry);
  }

  #uncount(entry: ShelfEntry): void {
    entry.taken = true;
    this.#tags.remove(entry);
    this.#bytes -= entry.bytes;
    this.#entries--;
  }
}
