/** Buffers whose owners are watched: how a proxy gives one user's bytes to another is found here first. @module */

import { BufferPool } from "../../src/transport/buffer_pool.ts";

/** What a buffer holds while it is nobody's. */
const NOBODYS = 0xdb;

/** Finds buffers that are given back twice, by somebody who has none, or are written to by somebody who has given them back. */
export class CheckedBufferPool extends BufferPool {
  readonly #report: (fault: string) => void;
  readonly #lent = new Set<Uint8Array>();
  readonly #given = new Set<Uint8Array>();

  constructor(size: number, keep: number, report: (fault: string) => void) {
    super(size, keep);
    this.#report = report;
  }

  override take(): Uint8Array {
    const buffer = super.take();
    if (this.#given.delete(buffer) && !isNobodys(buffer)) {
      this.#report("a buffer was written to after it was given back");
    }
    this.#lent.add(buffer);
    return buffer;
  }

  override give(buffer: Uint8Array): void {
    // One of another size was made for a message that is larger, and is let go.
    if (buffer.length !== this.size) return;
    if (!this.#lent.delete(buffer)) {
      return this.#report(
        this.#given.has(buffer) ? "a buffer was given back twice" : "a buffer was given to a pool it is not of",
      );
    }
    // Whoever still reads it must not find what it held.
    buffer.fill(NOBODYS);
    this.#given.add(buffer);
    super.give(buffer);
  }
}

const SAMPLE = new Uint8Array(1024).fill(NOBODYS);

function isNobodys(buffer: Uint8Array): boolean {
  for (let at = 0; at < buffer.length; at += SAMPLE.length) {
    const piece = buffer.subarray(at, at + SAMPLE.length);
    for (let i = 0; i < piece.length; i++) if (piece[i] !== NOBODYS) return false;
  }
  return true;
}
