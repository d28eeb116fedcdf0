/** What a connection has received and not yet used. @module */

import { Buffer } from "node:buffer";

const FIRST_SIZE = 16 * 1024;

/** Received bytes between `start` and `end`; heads are read as text from the same memory. */
export class ReadBuffer {
  #bytes = new Uint8Array(FIRST_SIZE);
  #text: Buffer = asText(this.#bytes);
  start = 0;
  end = 0;

  /** @param most bytes that the buffer may grow to */
  constructor(readonly most: number) {}

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The same memory, for reading it as text. */
  get text(): Buffer {
    return this.#text;
  }

  /** Bytes that are here. */
  get length(): number {
    return this.end - this.start;
  }

  /** Bytes that there can be without growing, from `start` on. */
  get capacity(): number {
    return this.#bytes.length - this.start;
  }

  /** Where the next read writes. Only while no read is pending. */
  space(): Uint8Array {
    return this.end === 0 ? this.#bytes : this.#bytes.subarray(this.end);
  }

  /** Makes space for at least one more byte. @returns false when the buffer is full and may not grow */
  grow(): boolean {
    if (this.end < this.#bytes.length) return true;
    if (this.start > 0) {
      this.#bytes.copyWithin(0, this.start, this.end);
    } else {
      if (this.#bytes.length >= this.most) return false;
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#use(larger);
    }
    this.end -= this.start;
    this.start = 0;
    return true;
  }

  /** Forgets every byte. A large buffer is given up for one of the first size. */
  clear(): void {
    this.start = this.end = 0;
    if (this.#bytes.length > FIRST_SIZE) this.#use(new Uint8Array(FIRST_SIZE));
  }

  #use(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#text = asText(bytes);
  }
}

function asText(bytes: Uint8Array<ArrayBuffer>): Buffer {
  return Buffer.from(bytes.buffer);
}
