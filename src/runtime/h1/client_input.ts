/** What comes from a client. @module */

import type { ByteStream } from "../../core/byte_stream.ts";
import { ReadBuffer } from "../../transport/read_buffer.ts";

/** What a connection reads into at first. */
const FIRST_BYTES = 4 * 1024;

/** Who is told of what comes. */
export interface InputEvents {
  /** So many bytes more are in the buffer. */
  received(count: number): void;
  /** The client sends no more. */
  ended(): void;
  /** The connection was reset. */
  lost(): void;
}

/** Reads into the connection's own buffer, and only when asked to: what is not wanted waits with its sender. */
export class ClientInput {
  readonly buffer: ReadBuffer;
  readonly #stream: ByteStream;
  readonly #events: InputEvents;
  #reading = false;
  #over = false;
  readonly #onRead = (count: number | null) => this.#received(count);
  readonly #onError = () => this.#lost();

  /** @param most bytes of a head @param ready bytes that have been read from the stream already */
  constructor(stream: ByteStream, most: number, ready: Uint8Array | null, events: InputEvents) {
    this.#stream = stream;
    this.#events = events;
    this.buffer = new ReadBuffer(FIRST_BYTES, most);
    if (ready !== null) this.buffer.fill(ready);
  }

  /** Whether nothing more will come. */
  get over(): boolean {
    return this.#over;
  }

  /** Reads some more, unless that is under way or the buffer is full. */
  arm(): void {
    if (this.#reading || this.#over) return;
    const { buffer } = this;
    if (buffer.length === 0) buffer.start = buffer.end = 0;
    else if (buffer.end === buffer.bytes.length && !buffer.grow()) return;
    this.#reading = true;
    this.#stream.read(buffer.space()).then(this.#onRead, this.#onError);
  }

  /** Makes the buffer larger for what is to come, unless a read is under way. */
  widen(size: number): void {
    if (!this.#reading) this.buffer.widen(size);
  }

  /** Gives a large buffer up when nothing is in it. */
  shrink(): void {
    if (!this.#reading && this.buffer.length === 0) this.buffer.clear();
  }

  /** Nothing more is wanted; what is under way is not told. */
  close(): void {
    this.#over = true;
  }

  #received(count: number | null): void {
    this.#reading = false;
    if (this.#over) return;
    if (count === null) {
      this.#over = true;
      return this.#events.ended();
    }
    this.buffer.end += count;
    this.#events.received(count);
  }

  #lost(): void {
    this.#reading = false;
    if (this.#over) return;
    this.#over = true;
    this.#events.lost();
  }
}
