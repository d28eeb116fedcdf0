/** A second tier of caches, which several processes have in common. @module */

import type { Purge } from "./purge.ts";

/** What a tier is made for. */
export interface CacheTierInit {
  /** Id of the policy's node: whoever has the same id in the same store has the same answers. */
  readonly id: string;
}

/** What a tier has under a field. */
export interface TierValue {
  readonly bytes: Uint8Array;
  /** Milliseconds since it was written, by the store's clock: whoever reads it may have another time than who wrote it. */
  readonly age: number;
  /** Milliseconds since a soft purge that came after it; `null`: there was none. */
  readonly stale: number | null;
}

/** What is put under a field, in place of what is there. */
export interface TierWrite {
  readonly field: string;
  readonly value: Uint8Array;
  /** A field of lines, and the line that is its first from now on: it has {@link MOST_LINES}, each once. */
  readonly first?: readonly [field: string, line: string];
  /** Milliseconds for which the key is kept at least. */
  readonly ttl: number;
  /** What it can be purged by, beside its key. */
  readonly tags: readonly string[];
  /**
   * Milliseconds since the answer was asked for. Nothing is written where a purge came after that which may have meant it:
   * whoever has asked might not have heard of it yet.
   */
  readonly since: number;
}

/** Lines that are kept under a field of lines. Each costs a value to read; an upstream has one list in `Vary`, or two. */
export const MOST_LINES = 4;

/**
 * Answers of one cache in a store elsewhere: under each key, which is a URL, values by field, one for each variant and one
 * that says what the variants are of. Its promises reject with a `StoreError`.
 */
export interface CacheTier {
  /** Until when what is asked now has to be answered, by the clock: for those that ask several times. */
  deadline(): number;
  /**
   * The values of these fields, `null` for those that are not there.
   *
   * @param deadline @default as {@link CacheTier.deadline} has it
   */
  read(key: string, fields: readonly string[], deadline?: number): Promise<readonly (TierValue | null)[]>;
  /** Puts a value there; those of other fields stay. @returns whether it was written, as `since` has it */
  write(key: string, what: TierWrite): Promise<boolean>;
  /** Takes out, here and, by telling them, in the first tiers of all others. @returns how many keys; for all of them, about */
  purge(order: Purge): Promise<number>;
  /**
   * From now on `listener` hears what others have purged; `null`: something, as it could not be heard for a while. The
   * result ends it.
   */
  onPurge(listener: (order: Purge | null) => void): () => void;
  close(): void;
}
