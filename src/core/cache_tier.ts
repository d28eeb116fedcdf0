/** A second tier of caches, which several processes have in common. @module */

import type { Purge } from "./purge.ts";

/** What a tier is made for. */
export interface CacheTierInit {
  /** Id of the policy's node: whoever has the same id in the same store has the same answers. */
  readonly id: string;
}

/**
 * Answers of one cache in a store elsewhere: under each key, which is a URL, values by field, one for each variant and one
 * that says what the variants are of. Its promises reject with a `StoreError`.
 */
export interface CacheTier {
  /** The values of these fields, `null` for those that are not there. */
  read(key: string, fields: readonly string[]): Promise<readonly (Uint8Array | null)[]>;
  /**
   * Puts values in place of those that are there; the others stay. The key is kept for `ttl` milliseconds at least.
   *
   * @param tags what it can be purged by, beside its key
   */
  write(
    key: string,
    values: readonly (readonly [field: string, value: Uint8Array])[],
    ttl: number,
    tags: readonly string[],
  ): Promise<void>;
  /** Takes out, here and, by telling them, in the first tiers of all others. @returns how many keys */
  purge(order: Purge): Promise<number>;
  /**
   * From now on `listener` hears what others have purged; `null`: something, as it could not be heard for a while. The
   * result ends it.
   */
  onPurge(listener: (order: Purge | null) => void): () => void;
  close(): void;
}
