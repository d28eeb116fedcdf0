/** Who is compared. @module */

import type { Evictable, Eviction } from "../../src/policies/cache/memory/eviction.ts";
import { S3Fifo } from "../../src/policies/cache/memory/s3_fifo.ts";
import { Lru } from "./lru.ts";
import { Sieve } from "./sieve.ts";
import { WTinyLfu } from "./w_tiny_lfu.ts";

/** One way to evict. */
export interface Contender {
  readonly name: string;
  /** @param capacity in bytes @param entries how many go into it, about */
  create<T extends Evictable>(capacity: number, entries: number): Eviction<T>;
}

/** What the gateway ships comes first; the paper's S3-FIFO differs from it in that two uses make it worth keeping. */
export const CONTENDERS: readonly Contender[] = [
  { name: "ours", create: () => new S3Fifo() },
  { name: "S3-FIFO", create: () => new S3Fifo(2) },
  { name: "SIEVE", create: () => new Sieve() },
  { name: "W-TinyLFU", create: (capacity, entries) => new WTinyLfu(capacity, entries) },
  { name: "LRU", create: () => new Lru() },
];
