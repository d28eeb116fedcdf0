/** A connection whose other side sends what it is told to, and then closes. @module */

import { Buffer } from "node:buffer";
import type { ByteStream } from "../../../src/core/byte_stream.ts";

/** What follows the last piece where nothing may be read. */
const BEHIND = "\r\n\r\n0\r\n\r\n";
/** Bytes behind each piece that are overwritten. */
const POISONED = 64;

/**
 * Gives `text` in pieces that end at `cuts`, and writes into the reader's buffer, behind each, what will follow: a reader
 * that looks further than it was told to would find it.
 */
export class GivenSocket implements ByteStream {
  readonly #bytes: Buffer;
  readonly #ends: number[];
  #at = 0;

  constructor(text: string, cuts: readonly number[]) {
    this.#bytes = Buffer.from(text + BEHIND, "latin1");
    this.#ends = [...cuts.filter((cut) => cut > 0), text.length];
  }

  read(into: Uint8Array): Promise<number | null> {
    while (this.#ends.length > 0 && this.#ends[0] <= this.#at) this.#ends.shift();
    if (this.#ends.length === 0) return Promise.resolve(null);
    const count = Math.min(into.length, this.#ends[0] - this.#at);
    into.set(this.#bytes.subarray(this.#at, this.#at + Math.min(into.length, count + POISONED)));
    this.#at += count;
    return Promise.resolve(count);
  }

  write(bytes: Uint8Array): Promise<number> {
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.#ends.length = 0;
  }
}
