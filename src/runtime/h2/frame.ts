/** Frames as they are on the wire (RFC 9113 §4, §6). @module */

import { Buffer } from "node:buffer";
import { ConnectionError } from "./connection_error.ts";
import { ErrorCode } from "./error_code.ts";

/** Bytes before each payload. */
export const FRAME_HEAD = 9;
/** Largest payload, both ways: what SETTINGS_MAX_FRAME_SIZE is at first, and stays. */
export const MOST_PAYLOAD = 16384;
/** Largest flow-control window, and the highest stream there can be (RFC 9113 §6.9.1, §5.1.1). */
export const MOST_31_BITS = 2 ** 31 - 1;

/** Types of frames (RFC 9113 §6). */
export const FrameType = {
  Data: 0x0,
  Headers: 0x1,
  Priority: 0x2,
  ResetStream: 0x3,
  Settings: 0x4,
  PushPromise: 0x5,
  Ping: 0x6,
  GoAway: 0x7,
  WindowUpdate: 0x8,
  Continuation: 0x9,
} as const;

/** Flags of frames; one bit means different things on different types. */
export const Flag = {
  EndStream: 0x1,
  Ack: 0x1,
  EndHeaders: 0x4,
  Padded: 0x8,
  Priority: 0x20,
} as const;

/** One received frame; the same object is filled for each, and its bytes belong to the connection's buffer. */
export class Frame {
  type = 0;
  flags = 0;
  stream = 0;
  /** The payload is `bytes[start, end)`. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;

  /** Bytes of the payload, or of what is left of it. */
  get length(): number {
    return this.end - this.start;
  }

  /** Whether a flag is set. */
  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** Fills it with the frame whose head is at `at`. */
  read(bytes: Buffer, at: number): void {
    this.type = bytes[at + 3];
    this.flags = bytes[at + 4];
    this.stream = uint31(bytes, at + 5);
    this.bytes = bytes;
    this.start = at + FRAME_HEAD;
    this.end = this.start + payloadLength(bytes, at);
  }

  /** Takes the padding of DATA and HEADERS away (RFC 9113 §6.1). @throws ConnectionError when there is more of it than payload */
  unpad(): void {
    if (!this.has(Flag.Padded)) return;
    if (this.length === 0) throw new ConnectionError(ErrorCode.FrameSizeError, "a padded frame has no pad length");
    this.end -= this.bytes[this.start++];
    if (this.end < this.start) throw new ConnectionError(ErrorCode.ProtocolError, "padding is longer than its frame");
  }
}

/** Length of the payload behind the frame head at `at`. */
export function payloadLength(bytes: Uint8Array, at: number): number {
  return bytes[at] << 16 | bytes[at + 1] << 8 | bytes[at + 2];
}

/** The number of four bytes at `at`. */
export function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]) >>> 0;
}

/** The number of 31 bits at `at`, behind a reserved bit. */
export function uint31(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at) & MOST_31_BITS;
}

/** Writes a number of four bytes. */
export function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Writes a frame's head. */
export function putFrameHead(
  bytes: Uint8Array,
  at: number,
  length: number,
  type: number,
  flags: number,
  stream: number,
): void {
  bytes[at] = length >>> 16;
  bytes[at + 1] = length >>> 8;
  bytes[at + 2] = length;
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  putUint32(bytes, at + 5, stream);
}
