/** What a connection has received and not yet used. @module */

import { Buffer } from "node:buffer";

/** Received bytes between `start` and `end`; heads are read as text from the same memory. */
export class ReadBuffer {
  start = 0;
  end = 0;
  readonly #first: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #text: Buffer;

  /** @param first bytes to begin with @param most bytes that {@link grow} may grow to */
  constructor(first: number, readonly most: number) {
    this.#first = first;
    this.#bytes = new Uint8Array(first);
    this.#text = asText(this.#bytes);
  }

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

  /** Whether the last read took all the space there was: then more may be waiting behind it. */
  get full(): boolean {
    return this.end === this.#bytes.length;
  }

  /** Bytes that there can be without growing, from `start` on. */
  get capacity(): number {
    return this.#bytes.length - this.start;
  }

  /** Puts bytes in; nothing may be there. */
  fill(bytes: Uint8Array): void {
    this.widen(bytes.length);
    this.#bytes.set(bytes);
    this.start = 0;
    this.end = bytes.length;
  }

  /** Takes as many bytes out as `into` has room for. @returns how many */
  moveTo(into: Uint8Array): number {
    const count = Math.min(into.length, this.length);
    into.set(this.#bytes.subarray(this.start, this.start + count));
    this.start += count;
    return count;
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

  /** Makes it at least this large, whatever it may grow to. Only while no read is pending. */
  widen(size: number): void {
    if (this.#bytes.length >= size) return;
    const larger = new Uint8Array(size);
    larger.set(this.#bytes.subarray(this.start, this.end));
    this.end -= this.start;
    this.start = 0;
    this.#use(larger);
  }

  /** Forgets every byte. A large buffer is given up for one of the first size. Only while no read is pending. */
  clear(): void {
    this.start = this.end = 0;
    if (this.#bytes.length > this.#first) this.#use(new Uint8Array(this.#first));
  }

  #use(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#text = asText(bytes);
  }
}

function asText(bytes: Uint8Array<ArrayBuffer>): Buffer {
  return Buffer.from(bytes.buffer);
}
