/** Buffers that are used again. @module */

import { Buffer } from "node:buffer";

/** A few buffers of one size. Whoever takes one alone may touch it, until it gives it back. */
export class BufferPool {
  readonly #free: Buffer[] = [];

  constructor(readonly size: number, readonly keep: number) {}

  /** A buffer with arbitrary content. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Takes a buffer back; nobody may use it any more. Buffers of another size and those beyond `keep` are let go. */
  give(buffer: Buffer): void {
    if (buffer.length === this.size && this.#free.length < this.keep) this.#free.push(buffer);
  }
}
