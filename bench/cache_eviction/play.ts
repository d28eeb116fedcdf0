/** Traces played to evictions. @module */

import { Evictable, type Eviction } from "../../src/policies/cache/memory/eviction.ts";

/** One object that is kept. */
class Item extends Evictable {
  constructor(readonly object: number) {
    let h = Math.imul(object ^ object >>> 16, 0x85ebca6b);
    h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
    super((h ^ h >>> 16) >>> 0);
  }
}

/** Shares, from 0 to 1. */
export interface Score {
  readonly hits: number;
  readonly bytes: number;
}

/** Asks a cache for each; the first `warm` share of the requests is not counted. */
export function play(
  asked: Uint32Array,
  sizes: (object: number) => number,
  capacity: number,
  eviction: Eviction<Evictable>,
  warm = 0.2,
): Score {
  const kept = new Map<number, Item>(), from = warm * asked.length;
  let used = 0, hits = 0, hitBytes = 0, bytes = 0;
  for (let i = 0; i < asked.length; i++) {
    const object = asked[i];
    let item = kept.get(object);
    const size = item === undefined ? sizes(object) : item.bytes;
    if (i >= from) bytes += size;
    if (item !== undefined) {
      eviction.touched(item);
      if (i >= from) {
        hits++;
        hitBytes += size;
      }
      continue;
    }
    if (size > capacity / 4) continue;
    item = new Item(object);
    item.bytes = size;
    kept.set(object, item);
    eviction.added(item);
    used += size;
    while (used > capacity) {
      const victim = eviction.victim() as Item;
      kept.delete(victim.object);
      used -= victim.bytes;
    }
  }
  return { hits: hits / (asked.length - from), bytes: hitBytes / bytes };
}
