/** What comes from a client, frame by frame. @module */

import { Buffer } from "node:buffer";
import type { ByteStream } from "../../core/byte_stream.ts";
import { ConnectionError } from "./connection_error.ts";
import { ErrorCode } from "./error_code.ts";
import { Frame, FRAME_HEAD, FrameType, MOST_PAYLOAD, payloadLength } from "./frame.ts";

/** What a connection reads into: heads fit into the first; bodies get the second, which holds any frame. */
const FIRST_BYTES = 4 * 1024, BODY_BYTES = 64 * 1024;

/** What every client says first (RFC 9113 §3.4). */
const PREFACE: Uint8Array = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Who is told of what comes. */
export interface FrameEvents {
  /** A frame, valid until this returns. What it throws comes back as {@link FrameEvents.broken}. */
  frame(frame: Frame): void;
  /** All frames that came together have been told. */
  told(): void;
  /** Nothing more can be read as frames. */
  broken(cause: unknown): void;
  /** The client sends no more. */
  ended(): void;
  /** The connection was reset. */
  lost(): void;
}

/** Reads into the connection's own buffer, and only when asked to. */
export class FrameInput {
  /** Bytes that were read and dropped. */
  dropped = 0;
  /** Frames so far. */
  frames = 0;
  readonly #stream: ByteStream;
  readonly #events: FrameEvents;
  readonly #frame = new Frame();
  #bytes = Buffer.alloc(FIRST_BYTES);
  #start = 0;
  #end = 0;
  #greeted = false;
  #reading = false;
  #dropping = false;
  #over = false;
  readonly #onRead = (count: number | null) => this.#received(count);
  readonly #onError = () => this.#lost();

  /** @param ready bytes that have been read from the stream already */
  constructor(stream: ByteStream, ready: Uint8Array | null, events: FrameEvents) {
    this.#stream = stream;
    this.#events = events;
    if (ready !== null) {
      this.#bytes = Buffer.alloc(Math.max(FIRST_BYTES, ready.length));
      this.#bytes.set(ready);
      this.#end = ready.length;
    }
  }

  /** Whether it takes large pieces. */
  get wide(): boolean {
    return this.#bytes.length > FIRST_BYTES;
  }

  /** Whether what comes is dropped. */
  get dropping(): boolean {
    return this.#dropping;
  }

  /** Whether a frame other than DATA, or the preface, has begun and its end is not here. */
  get withinFrame(): boolean {
    const length = this.#end - this.#start;
    return !this.#greeted || (length > 0 && (length < FRAME_HEAD || this.#bytes[this.#start + 3] !== FrameType.Data));
  }

  /** Reads what is here, then more. */
  begin(): void {
    if (this.#end > 0) this.#consume();
    else this.arm();
  }

  /** Reads some more, unless that is under way. */
  arm(): void {
    if (this.#reading || this.#over) return;
    this.#makeSpace();
    this.#reading = true;
    this.#stream.read(this.#end === 0 ? this.#bytes : this.#bytes.subarray(this.#end)).then(
      this.#onRead,
      this.#onError,
    );
  }

  /** Takes larger pieces from now on: a body comes. */
  widen(): void {
    if (!this.#reading && this.#bytes.length < BODY_BYTES) this.#resize(BODY_BYTES);
  }

  /** Gives a large buffer up when nothing is in it. */
  shrink(): void {
    if (!this.#reading && this.#start === this.#end && this.wide) this.#resize(FIRST_BYTES);
  }

  /** From now on what comes is dropped. */
  drop(): void {
    this.#dropping = true;
    this.#start = this.#end = 0;
  }

  /** Nothing more is wanted; what is under way is not told. */
  close(): void {
    this.#over = true;
  }

  /** There must be room for the rest of a frame, or for its head. */
  #makeSpace(): void {
    const length = this.#end - this.#start;
    if (this.#start > 0) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
      this.#start = 0;
      this.#end = length;
    }
    if (length < this.#bytes.length) return;
    this.#resize(Math.min(BODY_BYTES, Math.max(FIRST_BYTES, this.#bytes.length * 2)));
  }

  #resize(size: number): void {
    const bytes = Buffer.alloc(size);
    this.#bytes.copy(bytes, 0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    this.#bytes = bytes;
  }

  #received(count: number | null): void {
    this.#reading = false;
    if (this.#over) return;
    if (count === null) {
      this.#over = true;
      return this.#events.ended();
    }
    if (this.#dropping) {
      this.dropped += count;
      return this.#events.told();
    }
    this.#end += count;
    this.#consume();
  }

  #lost(): void {
    this.#reading = false;
    if (this.#over) return;
    this.#over = true;
    this.#events.lost();
  }

  #consume(): void {
    try {
      if (this.#greeted || this.#greet()) { while (!this.#dropping && this.#next()) this.#events.frame(this.#frame); }
    } catch (cause) {
      this.drop();
      this.#events.broken(cause);
    }
    if (!this.#over) this.#events.told();
  }

  /** Reads past the preface, or what is here of it. @returns whether all of it was here */
  #greet(): boolean {
    const length = Math.min(this.#end, PREFACE.length);
    for (let i = 0; i < length; i++) {
      if (this.#bytes[i] !== PREFACE[i]) throw new ConnectionError(ErrorCode.ProtocolError, "no HTTP/2 preface");
    }
    if (length < PREFACE.length) return false;
    this.#start = PREFACE.length;
    return this.#greeted = true;
  }

  /** Takes the next frame if all of it is here. */
  #next(): boolean {
    const bytes = this.#bytes, start = this.#start, length = this.#end - start;
    if (length < FRAME_HEAD) return false;
    const payload = payloadLength(bytes, start);
    if (payload > MOST_PAYLOAD) {
      throw new ConnectionError(ErrorCode.FrameSizeError, "a frame is larger than 16384 bytes");
    }
    if (length < FRAME_HEAD + payload) return false;
    this.#frame.read(bytes, start);
    this.#start += FRAME_HEAD + payload;
    this.frames++;
    return true;
  }
}
