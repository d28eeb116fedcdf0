/** The body of an answer on its way to the client. @module */

import type { BodySource } from "../../core/body.ts";
import { encodeLatin1 } from "../../http/latin1.ts";
import { trailerText } from "../../http/trailers.ts";
import type { BufferPool } from "../../transport/buffer_pool.ts";
import type { StreamEnding } from "../stream_ending.ts";
import type { ClientWriter } from "./client_writer.ts";
import type { ReplyFraming } from "./reply_head.ts";

/** Room before a piece for its chunk size and behind it for CRLF. */
const CHUNK_PREFIX = 10, CHUNK_SUFFIX = 2;

/** Full pieces after which a transfer counts as large; one that says so is large from the start. */
const FULL_PIECES = 8;

/** Buffers for pieces. */
export interface PieceBuffers {
  readonly usual: BufferPool;
  /** For transfers that are seen to be large: fewer, larger pieces cost half as much. */
  readonly large: BufferPool;
}

/** Sends one piece at a time: the awaited write is the backpressure. */
export class ReplyStream {
  /** Why the source broke off. */
  cause: unknown = undefined;
  /** Bytes of the body, framing not counted. */
  bytes = 0;
  readonly #source: BodySource;
  readonly #writer: ClientWriter;
  readonly #chunked: boolean;
  /** What goes out before the next piece: the head, or nothing. */
  #before: string;

  constructor(source: BodySource, writer: ClientWriter, head: string, framing: ReplyFraming) {
    this.#source = source;
    this.#writer = writer;
    this.#before = head;
    this.#chunked = framing === "chunked";
  }

  /** Sends head and body. The source has ended or been cancelled when this resolves; it does not reject. */
  async send(buffers: PieceBuffers): Promise<StreamEnding> {
    const { length = 0 } = this.#source;
    let pool = length >= buffers.large.size ? buffers.large : buffers.usual, buffer = pool.take(), full = 0;
    try {
      if (this.#before.length > buffer.length / 2) {
        const head = this.#before;
        this.#before = "";
        if (!await this.#text(head)) return this.#left();
      }
      for (;;) {
        const at = this.#before.length + CHUNK_PREFIX, room = buffer.subarray(at, buffer.length - CHUNK_SUFFIX);
        const reading = this.#source.read(room);
        // What is here already goes out with the head; the head does not wait for what is not.
        const count = typeof reading === "number" ? reading : await this.#meanwhile(reading);
        if (count <= 0) return count === 0 && await this.#text(this.#end()) ? "complete" : this.#left();
        this.bytes += count;
        if (!await this.#piece(buffer, at, count)) return this.#left();
        if (count === room.length && ++full === FULL_PIECES && pool !== buffers.large) {
          pool.give(buffer);
          pool = buffers.large;
          buffer = pool.take();
        }
      }
    } catch (cause) {
      this.cause = cause;
      return "broken";
    } finally {
      // Neither a read nor a write of it is pending any more.
      pool.give(buffer);
    }
  }

  /** Sends the head while a read is pending. @returns what was read; -1 when the client took no more */
  async #meanwhile(reading: Promise<number>): Promise<number> {
    const head = this.#before;
    this.#before = "";
    // It may fail before anybody waits for it.
    reading.catch(() => {});
    if (head === "" || await this.#text(head)) return await reading;
    this.#source.cancel();
    await reading.catch(() => 0);
    return -1;
  }

  /** Sends `buffer[at, at + count)`, with what comes before it right in front. */
  #piece(buffer: Uint8Array, at: number, count: number): Promise<boolean> {
    const before = this.#chunked ? this.#before + count.toString(16) + "\r\n" : this.#before;
    const start = at - before.length, end = at + count;
    this.#before = "";
    encodeLatin1(before, buffer, start);
    if (!this.#chunked) return this.#writer.all(buffer.subarray(start, end));
    encodeLatin1("\r\n", buffer, end);
    return this.#writer.all(buffer.subarray(start, end + CHUNK_SUFFIX));
  }

  #end(): string {
    const { trailers = null } = this.#source;
    return this.#before + (this.#chunked ? "0\r\n" + trailerText(trailers) + "\r\n" : "");
  }

  async #text(text: string): Promise<boolean> {
    if (text === "") return true;
    const bytes = new Uint8Array(text.length);
    encodeLatin1(text, bytes, 0);
    return await this.#writer.all(bytes);
  }

  #left(): "left" {
    this.#source.cancel();
    return "left";
  }
}
