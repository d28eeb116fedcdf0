/** The header of a WebSocket frame, read as it comes (RFC 6455 §5.2). @module */

import { isControl, isReserved, MAX_CONTROL_BYTES } from "./opcode.ts";

/** Flags, opcode and a short length; then 64 bits of length; then the key. */
const MAX_BYTES = 2 + 8 + 4;
const LENGTH_16 = 126, LENGTH_64 = 127;
const MASKED = 0x80, LENGTH = 0x7f;

/** Takes the bytes of one header after another, in pieces of any size. The fields are valid while it is {@link complete}. */
export class FrameHeader {
  /** Whether this frame ends its message. */
  fin = false;
  /** The three bits that extensions use, as a number: 4 for permessage-deflate. */
  rsv = 0;
  /** See opcode.ts. */
  opcode = 0;
  masked = false;
  /** Bytes of payload. */
  length = 0;
  /** Four bytes to unmask with; zeros when the frame is not masked. */
  readonly key: Uint8Array = new Uint8Array(4);
  /** What is wrong with it whatever extensions are in use, or `null`. Where the frame ends is not known then. */
  violation: string | null = null;
  readonly #bytes = new Uint8Array(MAX_BYTES);
  #count = 0;
  #size = 2;
  #complete = false;

  /** Whether the last {@link read} came to the header's end. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Whether a part of a header was read, and its end was not. */
  get begun(): boolean {
    return this.#count > 0 && !this.#complete;
  }

  /**
   * Reads on in `bytes[from, to)`; after a complete header, the next one.
   * @returns the place behind what was used: `to` unless the header ended before
   */
  read(bytes: Uint8Array, from: number, to: number): number {
    if (this.#complete) {
      this.#complete = false;
      this.#count = 0;
      this.#size = 2;
    }
    let i = from;
    while (i < to && this.#count < this.#size) {
      this.#bytes[this.#count++] = bytes[i++];
      if (this.#count === 2) this.#size = headerSize(this.#bytes[1]);
    }
    if (this.#count === this.#size) this.#parse();
    return i;
  }

  #parse(): void {
    const first = this.#bytes[0], second = this.#bytes[1];
    this.#complete = true;
    this.fin = (first & 0x80) !== 0;
    this.rsv = (first >> 4) & 7;
    this.opcode = first & 0x0f;
    this.masked = (second & MASKED) !== 0;
    this.violation = this.#readLength(second & LENGTH) ?? this.#judge();
    for (let i = 0; i < 4; i++) this.key[i] = this.masked ? this.#bytes[this.#size - 4 + i] : 0;
  }

  /** The length must be in its shortest form, so that all who read the frame see one. */
  #readLength(short: number): string | null {
    const bytes = this.#bytes;
    this.length = short;
    if (short === LENGTH_16) {
      this.length = bytes[2] * 256 + bytes[3];
      if (this.length < LENGTH_16) return "a length in a longer form than it needs";
    } else if (short === LENGTH_64) {
      let high = 0, low = 0;
      for (let i = 2; i < 6; i++) high = high * 256 + bytes[i];
      for (let i = 6; i < 10; i++) low = low * 256 + bytes[i];
      this.length = high * 2 ** 32 + low;
      if (!Number.isSafeInteger(this.length)) return "a length with its top bit set, or beyond 2^53";
      if (this.length <= 0xffff) return "a length in a longer form than it needs";
    }
    return null;
  }

  #judge(): string | null {
    if (isReserved(this.opcode)) return `the reserved opcode ${this.opcode}`;
    if (!isControl(this.opcode)) return null;
    if (!this.fin) return "a fragmented control frame";
    return this.length > MAX_CONTROL_BYTES ? `a control frame of more than ${MAX_CONTROL_BYTES} bytes` : null;
  }
}

function headerSize(second: number): number {
  const short = second & LENGTH;
  return 2 + (short === LENGTH_16 ? 2 : short === LENGTH_64 ? 8 : 0) + ((second & MASKED) === 0 ? 0 : 4);
}
