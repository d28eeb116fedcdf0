/** Who has to go when a cache is full. @module */

/** What can be put in line for eviction. Its fields are the {@link Eviction}'s own, but for `bytes`. */
export class Evictable {
  /** What it takes of the limit. */
  bytes = 0;
  /** How often it was used, as far as that matters. */
  uses = 0;
  /** Which of the eviction's lines it is in, 0 being none. */
  line = 0;
  older: Evictable | null = null;
  newer: Evictable | null = null;

  /** A number that goes with what it is the answer to, so that it is known again when it has been away. 32 bits. */
  constructor(readonly print: number) {}
}

/**
 * A way to choose. Of the entries that it was told of, it names one at a time. It is called for each hit: that has to be as
 * good as free, a flag or a counter in the entry.
 */
export interface Eviction<T extends Evictable> {
  /** It was used. */
  touched(entry: T): void;
  added(entry: T): void;
  /** `fresh` came in the place of `old`, and is as popular. */
  replaced(old: T, fresh: T): void;
  /** It takes another number of bytes now: writes that down. */
  resized(entry: T, bytes: number): void;
  /** It went for another reason. */
  removed(entry: T): void;
  /** Takes one out and returns it: the one that was added last even, where it is the least worth. `undefined`: there is none. */
  victim(): T | undefined;
  /** All have gone at once. */
  clear(): void;
}
