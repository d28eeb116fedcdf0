/** Memory for many small copies. @module */

const SLAB = 64 * 1024;

/**
 * Copies bytes out of a buffer that will be filled again. A copy is a view of a slab that is never written to twice, so
 * it is the receiver's for good; one allocation serves hundreds of small bodies.
 */
export class ByteSlab {
  #slab = new Uint8Array(0);
  #used = 0;

  /** A copy of `bytes[from, to)`. */
  copy(bytes: Uint8Array, from: number, to: number): Uint8Array {
    const length = to - from;
    if (length > SLAB / 4) return bytes.slice(from, to);
    if (this.#used + length > this.#slab.length) {
      this.#slab = new Uint8Array(SLAB);
      this.#used = 0;
    }
    const copy = this.#slab.subarray(this.#used, this.#used + length);
    copy.set(bytes.subarray(from, to));
    this.#used += length;
    return copy;
  }
}
