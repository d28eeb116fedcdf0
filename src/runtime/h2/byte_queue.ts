/** Bytes that came before somebody asked for them. @module */

/** Smallest block, and the size of those that follow: one byte at a time must not cost an object each. */
const FIRST_BLOCK = 1024, BLOCK = 16384;

interface Block {
  readonly bytes: Uint8Array;
  end: number;
}

/** A queue of bytes, copied in and copied out. */
export class ByteQueue {
  /** Bytes in it. */
  length = 0;
  readonly #blocks: Block[] = [];
  /** Bytes of the first block that are gone. */
  #start = 0;

  /** Puts a copy of `bytes[start, end)` at the end. */
  push(bytes: Uint8Array, start: number, end: number): void {
    const last = this.#blocks.at(-1);
    this.length += end - start;
    if (last !== undefined && last.end < last.bytes.length) {
      const count = Math.min(end - start, last.bytes.length - last.end);
      last.bytes.set(bytes.subarray(start, start + count), last.end);
      last.end += count;
      start += count;
    }
    if (start === end) return;
    const block = new Uint8Array(Math.max(end - start, last === undefined ? FIRST_BLOCK : BLOCK));
    block.set(bytes.subarray(start, end));
    this.#blocks.push({ bytes: block, end: end - start });
  }

  /** Takes as many bytes out as there are, or as `into` has room for. @returns how many */
  take(into: Uint8Array): number {
    let count = 0;
    while (count < into.length && this.#blocks.length > 0) {
      const block = this.#blocks[0], size = Math.min(into.length - count, block.end - this.#start);
      into.set(block.bytes.subarray(this.#start, this.#start + size), count);
      count += size;
      this.#start += size;
      if (this.#start < block.end) break;
      this.#blocks.shift();
      this.#start = 0;
    }
    this.length -= count;
    return count;
  }

  /** Takes everything out, as one array. */
  takeAll(): Uint8Array {
    const [first] = this.#blocks, { length } = this;
    if (this.#blocks.length === 1 && this.#start === 0) {
      this.clear();
      return first.bytes.subarray(0, first.end);
    }
    const all = new Uint8Array(length);
    this.take(all);
    return all;
  }

  /** Forgets all of it. @returns how many bytes that were */
  clear(): number {
    const { length } = this;
    this.#blocks.length = 0;
    this.#start = this.length = 0;
    return length;
  }
}
