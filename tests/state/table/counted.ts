/** Keys with numbers in a table, for its tests. @module */

import type { Hash64 } from "../../../src/state/table/key_hash.ts";
import type { Counts } from "../../../src/state/table/table_decision.ts";
import type { KeyTable } from "../../../src/state/table/key_table.ts";

/** A table that is full when it is full. */
export function countsOf(table: KeyTable): Counts {
  return {
    numbers: table.numbers,
    find: (hash, now) => table.find(hash, now),
    claim(hash, found) {
      table.claim(~found, hash);
      return ~found;
    },
  };
}

/** Writes a key's numbers. */
export function write(counts: Counts, hash: Hash64, now: number, numbers: readonly number[]): void {
  const found = counts.find(hash, now), place = found < 0 ? counts.claim(hash, found, now) : found;
  counts.numbers.set(numbers, place);
}

/** A key's numbers, or `null` where it is not known. */
export function read(counts: Counts, hash: Hash64, now: number, size: number): number[] | null {
  const found = counts.find(hash, now);
  return found < 0 ? null : [...counts.numbers.subarray(found, found + size)];
}
