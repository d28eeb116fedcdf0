/** The second tier of a cache, in Redis. @module */

import { Buffer } from "node:buffer";
import type { CacheTier, CacheTierInit, TierValue, TierWrite } from "../../core/cache_tier.ts";
import type { Purge } from "../../core/purge.ts";
import { CacheKeys, type Lines, shortHash } from "./cache_keys.ts";
import { PURGE, PURGE_ALL, READ, SWEEP, TELL, WRITE } from "./cache_scripts.ts";
import { messageText } from "./purge_message.ts";
import type { PurgeNews } from "./purge_news.ts";
import type { RedisCalls } from "./redis_calls.ts";

/** Milliseconds. Whatever is kept for longer is kept for no reason. */
const LONGEST_KEPT = 365 * 86_400_000;
/** Lines that one script looks at: Redis does nothing else meanwhile. */
const AT_ONCE = 500;

/** What a tier stands on. */
export interface RedisCacheParts {
  readonly calls: RedisCalls;
  readonly news: PurgeNews;
  readonly prefix: string;
  readonly inCluster: boolean;
  readonly channel: string;
  /** As messages of this gateway's own have it. */
  readonly self: string;
}

/** The answers for one URL are a hash; {@link CacheKeys} says where, `cache_scripts.ts` how they are found again. */
export class RedisCacheTier implements CacheTier {
  readonly #parts: RedisCacheParts;
  readonly #id: string;
  readonly #keys: CacheKeys;
  readonly #endings = new Set<() => void>();

  constructor(parts: RedisCacheParts, { id }: CacheTierInit) {
    this.#parts = parts;
    this.#id = id;
    this.#keys = new CacheKeys(parts.prefix, id, parts.inCluster);
  }

  deadline(): number {
    return this.#parts.calls.deadline();
  }

  async read(key: string, fields: readonly string[], deadline?: number): Promise<(TierValue | null)[]> {
    const { index, data } = this.#keys.placeOf(key);
    const found = await this.#parts.calls.runBytes(READ, [index, data], fields.map(shortHash), deadline);
    const parts = found as readonly (Buffer | number | null)[];
    return fields.map((_, i) => {
      const [age, stale, bytes] = parts.slice(3 * i, 3 * i + 3);
      if (typeof age !== "number" || !Buffer.isBuffer(bytes)) return null;
      return { age, stale: typeof stale === "number" && stale >= 0 ? stale : null, bytes };
    });
  }

  async write(key: string, { field, value, first, ttl, tags, since }: TierWrite): Promise<boolean> {
    const { index, data, purged, hash, line } = this.#keys.placeOf(key);
    const args = [
      `${Math.ceil(Math.min(Math.max(ttl, 1), LONGEST_KEPT))}`,
      hash,
      line,
      [...new Set(tags)].map(shortHash).join(" "),
      `${Math.ceil(since * 1000)}`,
      shortHash(field),
      Buffer.from(value.buffer, value.byteOffset, value.byteLength),
      ...first === undefined ? [] : [shortHash(first[0]), first[1]],
    ];
    return await this.#parts.calls.runBytes(WRITE, [index, data, purged], args) === 1;
  }

  /** What could not be asked does not keep the rest from being done, nor others from being told. */
  async purge(order: Purge): Promise<number> {
    const lines = this.#keys.linesOf(order.target);
    const { indexes } = lines ?? this.#keys;
    const done = await Promise.allSettled(
      indexes.map((index) =>
        lines === null ? this.#purgeAll(index, order.soft) : this.#purge(index, lines, order.soft)
      ),
    );
    // Not before: who has heard it may ask at once.
    done.push(...await Promise.allSettled([this.#tell(order)]));
    // What that does not reach, later writes do.
    if (lines === null && !order.soft) await Promise.allSettled(indexes.map((index) => this.#sweep(index)));
    let count = 0;
    for (const part of done) {
      if (part.status === "rejected") throw part.reason;
      count += part.value;
    }
    return count;
  }

  onPurge(listener: (order: Purge | null) => void): () => void {
    // One listener for each call, so that ending one ends no other.
    const end = this.#parts.news.listen(this.#id, (order) => listener(order));
    this.#endings.add(end);
    return () => {
      this.#endings.delete(end);
      end();
    };
  }

  close(): void {
    for (const end of this.#endings) end();
    this.#endings.clear();
  }

  async #purge(index: string, lines: Lines, soft: boolean): Promise<number> {
    const { from, beginning, origin, wholeOrigin, purged } = lines, keys = purged === null ? [index] : [index, purged];
    const fixed = [beginning, origin, wholeOrigin ? "1" : "0", soft ? "1" : "0", `${AT_ONCE}`];
    let start: string | Buffer = from, count = 0;
    while (true) {
      const [some, last] = await this.#parts.calls.runBytes(PURGE, keys, [start, ...fixed]) as [number, Buffer];
      count += some;
      if (last.length === 0) return count;
      start = behind(last);
    }
  }

  async #purgeAll(index: string, soft: boolean): Promise<number> {
    return Number(await this.#parts.calls.run(PURGE_ALL, [index], [soft ? "1" : "0"]));
  }

  /** Frees what a purge of everything has made unreadable. */
  async #sweep(index: string): Promise<void> {
    let start: string | Buffer = "-";
    while (true) {
      const last = await this.#parts.calls.runBytes(SWEEP, [index], [start, `${AT_ONCE}`]) as Buffer;
      if (last.length === 0) return;
      start = behind(last);
    }
  }

  async #tell(order: Purge): Promise<number> {
    const { calls, channel, self } = this.#parts;
    await calls.run(TELL, [this.#keys.indexes[0]], [channel, messageText({ from: self, id: this.#id, order })]);
    return 0;
  }
}

/** The range that begins after this line. */
function behind(line: Buffer): Buffer {
  return Buffer.concat([Buffer.from("("), line]);
}
