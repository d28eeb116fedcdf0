/** The body of a request that is still arriving. @module */

import { BodyError, type BodySource } from "../../core/body.ts";
import { ChunkedDecoder, ChunkError } from "../../http/chunked_decoder.ts";
import type { ByteSlab } from "../../transport/byte_slab.ts";
import type { ReadBuffer } from "../../transport/read_buffer.ts";
import type { RequestFraming } from "../intake/framing.ts";

/** The connection, as far as a body needs it. */
export interface BodyOwner {
  /** Bytes are wanted: read more into the buffer, then call {@link RequestBody.arrived} or {@link RequestBody.fail}. */
  wantBody(): void;
  /** The last byte has been read. */
  bodyRead(): void;
}

/**
 * Takes its bytes out of the connection's buffer: a reader's memory is never handed to the socket, so that a read which
 * comes too late writes into nothing but the connection's own.
 */
export class RequestBody implements BodySource {
  readonly length: number | undefined;
  /** Bytes of data so far, framing not counted. */
  received = 0;
  readonly #owner: BodyOwner;
  readonly #buffer: ReadBuffer;
  readonly #decoder: ChunkedDecoder | null;
  readonly #most: number;
  /** Bytes still to come where the length is known. */
  #left: number;
  /** Data that was decoded before anybody asked for it. */
  #ready: Uint8Array = new Uint8Array(0);
  #ended = false;
  #failure: BodyError | null = null;
  #cancelled = false;
  #into: Uint8Array | null = null;
  #resolve: ((count: number) => void) | null = null;
  #reject: ((error: BodyError) => void) | null = null;

  /** @param most bytes that the body may have */
  constructor(owner: BodyOwner, buffer: ReadBuffer, framing: RequestFraming, most: number) {
    this.#owner = owner;
    this.#buffer = buffer;
    this.#most = most;
    this.#decoder = framing.chunked ? new ChunkedDecoder() : null;
    this.length = framing.chunked ? undefined : framing.length;
    this.#left = framing.chunked ? Infinity : framing.length;
  }

  /** Whether everything has been read, framing included. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether its end has come, read by somebody or not. */
  get here(): boolean {
    return this.#ended || this.#decoder?.done === true;
  }

  /** Whether somebody waits for bytes. */
  get waiting(): boolean {
    return this.#into !== null;
  }

  /** Whether its framing is broken or it is too large: what follows it cannot be found. */
  get failed(): boolean {
    return this.#failure !== null;
  }

  /** Bytes still to come; `Infinity` where only the end will tell. */
  get left(): number {
    return this.#left;
  }

  get trailers(): readonly string[] | null {
    return this.#decoder === null ? null : this.#decoder.trailers;
  }

  read(into: Uint8Array): number | Promise<number> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (this.#ended) return 0;
    if (this.#cancelled) return Promise.reject(new BodyError("client", "the body was given up"));
    let count: number;
    try {
      count = this.#take(into);
    } catch (error) {
      return Promise.reject(error);
    }
    if (count > 0 || this.#ended) return count;
    return new Promise((resolve, reject) => {
      this.#into = into;
      this.#resolve = resolve;
      this.#reject = reject;
      this.#owner.wantBody();
    });
  }

  /**
   * The body as bytes, if all of it is here and has no trailers; else `null`, and it has to be read. What is here of a
   * chunked body is looked at in any case: broken chunks beside the head are refused before anybody is asked.
   *
   * @throws BodyError
   */
  whole(slab: ByteSlab): Uint8Array | null {
    const buffer = this.#buffer, { start } = buffer;
    if (this.#decoder === null) {
      if (this.#left > buffer.length) return null;
      const bytes = slab.copy(buffer.bytes, start, start + this.#left);
      buffer.start += this.#left;
      this.received = this.#left;
      this.#left = 0;
      this.#ended = true;
      return bytes;
    }
    if (buffer.length === 0) return null;
    const count = this.#decode(this.#decoder, buffer.bytes);
    if (count > this.#most) throw this.#tooLarge();
    const bytes = slab.copy(buffer.bytes, start, start + count);
    if (this.#decoder.done && this.#decoder.trailers === null) {
      this.received = count;
      this.#ended = true;
      return bytes;
    }
    this.#ready = bytes;
    return null;
  }

  /** Nobody wants the rest; the connection discards it, or closes. */
  cancel(): void {
    if (this.#ended) return;
    this.#cancelled = true;
    this.#settle(null, new BodyError("client", "the body was given up"));
  }

  /** Bytes came into the buffer. */
  arrived(): void {
    const into = this.#into;
    if (into === null) return;
    let count: number;
    try {
      count = this.#take(into);
    } catch (error) {
      return this.#settle(null, error as BodyError);
    }
    if (count > 0 || this.#ended) this.#settle(count, null);
    else this.#owner.wantBody();
  }

  /** No more bytes will come. */
  fail(error: BodyError): void {
    if (this.#ended) return;
    this.#failure ??= error;
    this.#settle(null, this.#failure);
  }

  /** Drops what is in the buffer. @returns whether the body is over @throws BodyError */
  discard(): boolean {
    const scrap = this.#buffer.bytes;
    this.#ready = this.#ready.subarray(this.#ready.length);
    while (!this.#ended && this.#buffer.length > 0) this.#take(scrap);
    return this.#ended;
  }

  #settle(count: number | null, error: BodyError | null): void {
    const resolve = this.#resolve, reject = this.#reject;
    this.#into = this.#resolve = this.#reject = null;
    if (count !== null) resolve?.(count);
    else reject?.(error!);
  }

  /** Moves what is there. @throws BodyError */
  #take(into: Uint8Array): number {
    const count = this.#ready.length > 0
      ? this.#takeReady(into)
      : this.#decoder === null
      ? this.#copy(into)
      : this.#decode(this.#decoder, into);
    this.received += count;
    if (this.received > this.#most) throw this.#tooLarge();
    if (this.#decoder === null ? this.#left === 0 : this.#decoder.done && this.#ready.length === 0) {
      this.#ended = true;
      this.#owner.bodyRead();
    }
    return count;
  }

  #tooLarge(): BodyError {
    return this.#failure = new BodyError("too-large", "the body is too large");
  }

  #takeReady(into: Uint8Array): number {
    const ready = this.#ready, count = Math.min(into.length, ready.length);
    into.set(ready.subarray(0, count));
    this.#ready = ready.subarray(count);
    return count;
  }

  #copy(into: Uint8Array): number {
    const buffer = this.#buffer, count = Math.min(into.length, buffer.length, this.#left);
    move(buffer, count, into);
    buffer.start += count;
    this.#left -= count;
    return count;
  }

  #decode(decoder: ChunkedDecoder, into: Uint8Array): number {
    const buffer = this.#buffer;
    try {
      // No more bytes than the reader has room for: data never outgrows the bytes it came in.
      while (buffer.length > 0 && !decoder.done) {
        const { start } = buffer,
          count = decoder.decode(buffer.bytes, start, Math.min(buffer.end, start + into.length));
        move(buffer, count, into);
        buffer.start += decoder.consumed;
        if (count > 0) return count;
      }
      return 0;
    } catch (error) {
      if (!(error instanceof ChunkError)) throw error;
      throw this.#failure = new BodyError("client", "the chunks of the body are broken", { cause: error });
    }
  }
}

function move(buffer: ReadBuffer, count: number, into: Uint8Array): void {
  if (count > 0 && into !== buffer.bytes) into.set(buffer.bytes.subarray(buffer.start, buffer.start + count));
}
