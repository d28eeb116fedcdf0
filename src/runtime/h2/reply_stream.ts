/** A body that is still arriving, on its way to a client. @module */

import type { BodySource } from "../../core/body.ts";
import type { BufferPool } from "../../transport/buffer_pool.ts";
import type { StreamEnding } from "../stream_ending.ts";
import { MOST_PAYLOAD } from "./frame.ts";
import type { SendQueue } from "./send_queue.ts";

/** Full pieces after which a transfer gets a larger buffer; one that says it is large gets it at once. */
const FULL_PIECES = 4;

/** Reads from a source as much as the client takes, and only then. */
export class ReplyStream {
  /** Why the source broke off. */
  cause: unknown = undefined;
  /** Bytes of the body. */
  bytes = 0;
  readonly #source: BodySource;
  readonly #queue: SendQueue;
  readonly #pool: BufferPool;
  /** The stream's own piece: one frame. */
  #own: Uint8Array | null = null;
  /** A larger one, while it is needed. */
  #pooled: Uint8Array | null = null;
  #full = 0;

  constructor(source: BodySource, queue: SendQueue, pool: BufferPool) {
    this.#source = source;
    this.#queue = queue;
    this.#pool = pool;
  }

  /** Sends the source to its end; the stream's end is the caller's. It does not reject. */
  async send(): Promise<StreamEnding> {
    try {
      for (;;) {
        // Other streams may have used what woke this one up.
        while (this.#queue.credit <= 0) if (!await this.#untilCredit()) return this.#left();
        const piece = this.#piece(), credit = Math.min(piece.length, this.#queue.credit);
        const reading = this.#source.read(credit === piece.length ? piece : piece.subarray(0, credit));
        const count = typeof reading === "number" ? reading : await reading;
        if (count === 0) return this.#ended();
        this.bytes += count;
        if (!await this.#queue.send(piece.subarray(0, count), false)) return this.#left();
        if (count === piece.length) this.#full++;
      }
    } catch (cause) {
      this.cause = cause;
      return "broken";
    } finally {
      this.#release();
    }
  }

  /** A client that takes nothing holds no buffer. */
  #untilCredit(): Promise<boolean> {
    this.#release();
    return this.#queue.untilCredit();
  }

  #piece(): Uint8Array {
    const { length = 0 } = this.#source;
    if (this.#full < FULL_PIECES && length < this.#pool.size) return this.#own ??= new Uint8Array(MOST_PAYLOAD);
    return this.#pooled ??= this.#pool.take();
  }

  #release(): void {
    if (this.#pooled !== null) this.#pool.give(this.#pooled);
    this.#pooled = this.#own = null;
  }

  /** A body that is shorter than it said has broken off, whatever it says now. */
  #ended(): StreamEnding {
    const { length = this.bytes } = this.#source;
    return this.bytes === length ? "complete" : "broken";
  }

  #left(): "left" {
    this.#source.cancel();
    return "left";
  }
}
