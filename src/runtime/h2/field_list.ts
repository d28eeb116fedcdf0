/** The fields of one block, as far as they are kept. @module */

import { ENTRY_OVERHEAD } from "../../http/hpack/dynamic_table.ts";
import type { FieldSink } from "../../http/hpack/hpack_decoder.ts";

/**
 * Takes fields up to a size; the rest of the block is decoded, so that the connection can go on, and dropped: a few bytes
 * on the wire may stand for megabytes.
 */
export class FieldList implements FieldSink {
  /** `[name, value, …]` in order. */
  readonly flat: string[] = [];
  /** Whether the path was too much. */
  pathTooLong = false;
  readonly #most: number;
  #size = 0;

  /** @param most bytes, counted as SETTINGS_MAX_HEADER_LIST_SIZE does (RFC 9113 §6.5.2) */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether fields were dropped. */
  get tooLarge(): boolean {
    return this.#size > this.#most;
  }

  field(name: string, value: string): void {
    this.#size += name.length + value.length + ENTRY_OVERHEAD;
    if (this.#size <= this.#most) this.flat.push(name, value);
    else if (name === ":path") this.pathTooLong = true;
  }
}
