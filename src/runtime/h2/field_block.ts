/** A field block that comes in several frames (RFC 9113 §4.3). @module */

import { Buffer } from "node:buffer";
import { ConnectionError } from "./connection_error.ts";
import { ErrorCode } from "./error_code.ts";
import { type Frame, MOST_PAYLOAD } from "./frame.ts";

/** Frames beyond those that hold the largest block (CVE-2024-27316 and its like). */
const EXTRA_FRAMES = 16;
/** A block may be as often as large as the fields it may stand for: Huffman code can lengthen, and 431 is worth reading it. */
const MOST_TIMES = 2;

/** Puts HEADERS and its CONTINUATION frames together. */
export class FieldBlock {
  /** The stream whose block has begun, 0 for none. */
  stream = 0;
  /** Whether the stream ends with it. */
  endsStream = false;
  length = 0;
  readonly #mostBytes: number;
  readonly #mostFrames: number;
  #bytes: Buffer = Buffer.alloc(0);
  #frames = 0;

  /** @param most bytes of fields that a head may have */
  constructor(most: number) {
    this.#mostBytes = most * MOST_TIMES;
    this.#mostFrames = EXTRA_FRAMES + Math.ceil(this.#mostBytes / MOST_PAYLOAD);
  }

  /** What is here of the block: `bytes[0, length)`. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Whether it is more than will be put together. */
  get tooLarge(): boolean {
    return this.length > this.#mostBytes;
  }

  begin(frame: Frame, endsStream: boolean): void {
    this.stream = frame.stream;
    this.endsStream = endsStream;
    this.length = this.#frames = 0;
    this.add(frame);
  }

  /** @throws ConnectionError for more frames than any block needs */
  add(frame: Frame): void {
    const length = this.length + frame.length;
    if (++this.#frames > this.#mostFrames) {
      throw new ConnectionError(ErrorCode.EnhanceYourCalm, "too many CONTINUATION frames");
    }
    if (length <= this.#mostBytes) {
      if (length > this.#bytes.length) this.#grow(length);
      frame.bytes.copy(this.#bytes, this.length, frame.start, frame.end);
    }
    this.length = length;
  }

  /** The block is over, and its memory is let go. */
  end(): void {
    this.stream = 0;
    this.#bytes = Buffer.alloc(0);
  }

  #grow(length: number): void {
    const larger = Buffer.alloc(Math.min(this.#mostBytes, Math.max(length, this.#bytes.length * 2)));
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
  }
}
