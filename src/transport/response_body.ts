/** The body of an answer that is still arriving. @module */

import type { ByteStream } from "../core/byte_stream.ts";
import { BodyError, type BodySource } from "../core/body.ts";
import type { TimerWheel } from "../core/timer_wheel.ts";
import type { ChunkedDecoder } from "../http/chunked_decoder.ts";
import type { Connection } from "./connection.ts";
import type { ResponseHead } from "./response_head.ts";

/** What a connection had a read pending for when it gave its body away. */
export interface LateBytes {
  readonly bytes: Uint8Array;
  /** Whether they took all the space there was: then more may be waiting behind them. */
  readonly full: boolean;
}

/** What there is of a body, or is about to be. */
interface Begun {
  /** Decoded bytes that came with the head. */
  readonly ready: Uint8Array;
  /** For chunks. */
  readonly decoder: ChunkedDecoder | null;
  /** The first bytes of a body with a length, where they are on their way into the connection's own buffer. */
  readonly late: Promise<LateBytes> | null;
}

/** Reads a body from its connection, straight into the reader's buffer; at the end the connection is given back. */
export class ResponseBody implements BodySource {
  readonly length: number | undefined;
  readonly #connection: Connection;
  readonly #socket: ByteStream;
  readonly #deadlines: TimerWheel;
  readonly #idleTimeout: number;
  readonly #decoder: ChunkedDecoder | null;
  /** Decoded bytes that came with the head. */
  #ready: Uint8Array | null;
  #readyAt = 0;
  /** Bytes still to come under `"length"`. */
  #left: number;
  #late: Promise<LateBytes> | null;
  /** Whether nothing is behind what has been read. */
  #clean = true;
  #ended = false;
  #timedOut = false;
  readonly #onTimeout = () => {
    this.#timedOut = true;
    this.#connection.close();
  };

  constructor(
    connection: Connection,
    socket: ByteStream,
    deadlines: TimerWheel,
    idleTimeout: number,
    head: ResponseHead,
    { ready, decoder, late }: Begun,
  ) {
    this.#connection = connection;
    this.#socket = socket;
    this.#deadlines = deadlines;
    this.#idleTimeout = idleTimeout;
    this.#decoder = decoder;
    this.#ready = ready.length > 0 ? ready : null;
    this.#late = late;
    this.length = head.framing === "length" ? head.length : undefined;
    this.#left = head.framing === "length" ? head.length : Infinity;
  }

  get trailers(): readonly string[] | null {
    return this.#decoder === null ? null : this.#decoder.trailers;
  }

  read(into: Uint8Array): number | Promise<number> {
    if (this.#ready !== null) {
      const count = Math.min(into.length, this.#ready.length - this.#readyAt);
      into.set(this.#ready.subarray(this.#readyAt, this.#readyAt + count));
      this.#readyAt += count;
      if (this.#readyAt === this.#ready.length) this.#ready = null;
      this.#left -= count;
      return count;
    }
    if (this.#ended) return 0;
    if (this.#left === 0) return this.#end(this.#clean);
    return this.#late === null ? this.#pull(into) : this.#takeLate(this.#late, into);
  }

  cancel(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#ready = null;
    this.#connection.close();
  }

  async #takeLate(late: Promise<LateBytes>, into: Uint8Array): Promise<number> {
    this.#late = null;
    const { bytes, full } = await this.#within(() => late);
    this.#clean = bytes.length <= this.#left && !full;
    this.#ready = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    return this.read(into);
  }

  async #pull(into: Uint8Array): Promise<number> {
    const room = this.#room(into);
    for (;;) {
      const count = await this.#within(() => this.#socket.read(room));
      if (count === null) {
        if (this.#left === Infinity && this.#decoder === null) return this.#end(false);
        throw this.#broken("the endpoint closed in the middle of the body");
      }
      if (this.#decoder === null) {
        const data = Math.min(count, this.#left);
        this.#left -= data;
        if (this.#left === 0) this.#end(data === count && count < room.length);
        return data;
      }
      const data = this.#decode(this.#decoder, room, count);
      if (this.#decoder.done) this.#end(this.#decoder.consumed === count && count < room.length);
      if (data > 0 || this.#ended) return data;
    }
  }

  /**
   * One byte more than the body may have, or one less than would end it. A read that fills its room leaves open whether
   * more is behind it: then the connection could not be kept, for the next answer on it might be a forged one.
   */
  #room(into: Uint8Array): Uint8Array {
    if (into.length > this.#left) return into.subarray(0, this.#left + 1);
    return into.length === this.#left && into.length > 1 ? into.subarray(0, -1) : into;
  }

  /** Waits for bytes as long as it may take. @throws BodyError */
  async #within<T>(receive: () => Promise<T>): Promise<T> {
    if (this.#connection.closed) throw this.#broken("the connection was closed");
    const deadline = this.#deadlines.after(this.#idleTimeout, this.#onTimeout);
    try {
      const received = await receive();
      if (this.#timedOut) throw this.#broken("");
      return received;
    } catch (error) {
      throw this.#broken("the connection broke in the middle of the body", error);
    } finally {
      deadline.cancel();
    }
  }

  #decode(decoder: ChunkedDecoder, room: Uint8Array, count: number): number {
    try {
      return decoder.decode(room, 0, count);
    } catch (error) {
      throw this.#broken("the endpoint's chunked framing is broken", error);
    }
  }

  #broken(message: string, cause?: unknown): BodyError {
    if (cause instanceof BodyError) return cause;
    this.#ended = true;
    this.#connection.close();
    if (this.#connection.requestFailure !== null) return this.#connection.requestFailure;
    return this.#timedOut
      ? new BodyError("endpoint-timeout", `no byte of the body for ${this.#idleTimeout} ms`)
      : new BodyError("endpoint", message, { cause });
  }

  #end(clean: boolean): 0 {
    this.#ended = true;
    this.#connection.bodyEnded(clean);
    return 0;
  }
}
