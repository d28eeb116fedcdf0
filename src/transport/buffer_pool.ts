/** Buffers that are used again. @module */

/** A few buffers of one size. Whoever takes one alone may touch it, until it gives it back. */
export class BufferPool {
  readonly #free: Uint8Array[] = [];

  constructor(readonly size: number, readonly keep: number) {}

  /** A buffer with arbitrary content. */
  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(this.size);
  }

  /** Takes a buffer back; nobody may use it any more. Buffers of another size and those beyond `keep` are let go. */
  give(buffer: Uint8Array): void {
    if (buffer.length === this.size && this.#free.length < this.keep) this.#free.push(buffer);
  }
}

/** Makes a pool; tests make one that finds out who touches a buffer that is not his. */
export type MakeBufferPool = (size: number, keep: number) => BufferPool;

/** A plain pool. */
export const makeBufferPool: MakeBufferPool = (size, keep) => new BufferPool(size, keep);
