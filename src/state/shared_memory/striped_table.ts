/** A table of a fixed size, in stripes that are locked one by one. @module */

import type { Hash64 } from "../table/key_hash.ts";
import type { KeyTable } from "../table/key_table.ts";
import type { Counts } from "../table/table_decision.ts";
import type { CountsRegion } from "./counts_region.ts";

/** Which stripe has this key. */
export function stripeOf({ high }: Hash64, stripes: number): number {
  return high & (stripes - 1);
}

/** The counts of one limit. Whoever uses them holds the stripe's lock. */
export class StripedTable implements Counts {
  readonly #tables: readonly KeyTable[];
  numbers: Float64Array;

  constructor(region: CountsRegion, limit: number) {
    this.#tables = Array.from({ length: region.stripes }, (_, stripe) => region.table(stripe, limit));
    this.numbers = this.#tables[0].numbers;
  }

  find(hash: Hash64, now: number): number {
    const table = this.#tables[stripeOf(hash, this.#tables.length)];
    this.numbers = table.numbers;
    return table.find(hash, now);
  }

  claim(hash: Hash64, found: number): number {
    const table = this.#tables[stripeOf(hash, this.#tables.length)];
    table.claim(~found, hash);
    this.numbers = table.numbers;
    return ~found;
  }
}
