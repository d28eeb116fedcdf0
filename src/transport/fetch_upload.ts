/** The body of a request on its way through `fetch`. @module */

import { BodyError, type BodySource } from "../core/body.ts";
import type { Deadline, TimerWheel } from "../core/timer_wheel.ts";

/** Bytes of a piece: small at first, larger while pieces come full. */
const FIRST_PIECE = 16 * 1024, LARGEST_PIECE = 256 * 1024;

/** Who is told how an upload goes. After any of these it says no more. */
export interface UploadEvents {
  /** The runtime has the last byte. */
  uploaded(): void;
  /** The body broke off: what the endpoint has is no request. */
  bodyFailed(error: unknown): void;
  /** The endpoint took no byte for as long as it may. */
  stalled(): void;
}

/** Milliseconds that an upload may stand still. */
export interface UploadLimits {
  /** Until the first byte is wanted, a connection made included. */
  readonly start: number;
  readonly idle: number;
}

/** Pull only, nothing read ahead: an endpoint that takes nothing stops the client. Each piece has a buffer of its own. */
export class FetchUpload {
  /** For `RequestInit.body`. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | SizedBody;
  readonly #source: BodySource;
  readonly #deadlines: TimerWheel;
  readonly #idle: number;
  readonly #events: UploadEvents;
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null = null;
  #deadline: Deadline;
  #size = FIRST_PIECE;
  #count = 0;
  #over = false;

  constructor(source: BodySource, limits: UploadLimits, deadlines: TimerWheel, events: UploadEvents) {
    this.#source = source;
    this.#deadlines = deadlines;
    this.#idle = limits.idle;
    this.#events = events;
    this.#deadline = deadlines.after(limits.start, () => this.#stall());
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#pull(),
      cancel: () => this.stop(),
    }, { highWaterMark: 0 });
    this.body = source.length === undefined ? stream : new SizedBody(stream, source.length);
  }

  /** Gives the upload up; its source is cancelled. After the end it does nothing. */
  stop(): void {
    if (!this.#over) this.#break(new Error("the upload was given up"));
  }

  async #pull(): Promise<void> {
    this.#deadline.cancel();
    if (this.#over) return;
    const piece = new Uint8Array(this.#size), { length } = this.#source;
    this.#deadline = this.#deadlines.after(this.#idle, () => {
      this.#fail(new BodyError("client-timeout", `no byte of the request's body for ${this.#idle} ms`));
    });
    let count: number;
    try {
      count = await this.#source.read(piece);
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#over) return;
    this.#count += count;
    if (length !== undefined && (this.#count > length || (count === 0 && this.#count < length))) {
      const wrong = count === 0 ? "ended before" : "is longer than";
      return this.#fail(new BodyError("client", `the body ${wrong} its content-length`));
    }
    if (count === 0) {
      this.#deadline.cancel();
      this.#over = true;
      this.#controller!.close();
      return this.#events.uploaded();
    }
    if (count === this.#size && this.#size < LARGEST_PIECE) this.#size *= 2;
    this.#deadline.cancel();
    this.#deadline = this.#deadlines.after(this.#idle, () => this.#stall());
    this.#controller!.enqueue(piece.subarray(0, count));
  }

  #stall(): void {
    this.#break(new Error(`the endpoint took no byte for ${this.#idle} ms`));
    this.#events.stalled();
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#break(error);
    this.#events.bodyFailed(error);
  }

  /**
   * Nobody gets the rest. For the error the runtime resets the stream, so that the endpoint never takes what it has for
   * the whole. Aborting the request would not do: the runtime goes on sending a body that nobody waits for any more.
   */
  #break(error: unknown): void {
    this.#deadline.cancel();
    this.#over = true;
    this.#source.cancel();
    this.#controller?.error(error);
  }
}

/** A stream of known length: a bare one would be sent without Content-Length, which some servers insist on (411). */
class SizedBody extends Blob {
  readonly #stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #size: number;

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>, size: number) {
    super();
    this.#stream = stream;
    this.#size = size;
  }

  override get size(): number {
    return this.#size;
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#stream;
  }
}
