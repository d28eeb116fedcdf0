/** Sends one request: head and body, with as few writes as can be. @module */

import { BodyError, type BodySource, isBodySource } from "../core/body.ts";
import type { ByteStream } from "../core/byte_stream.ts";
import type { Deadline, TimerWheel } from "../core/timer_wheel.ts";
import { encodeLatin1 } from "../http/latin1.ts";
import { trailerText } from "../http/trailers.ts";
import type { BufferPool } from "./buffer_pool.ts";
import { framingLine, type WireRequest } from "./wire_request.ts";

/** Who is told how the writing goes. After any of these the writer says no more. */
export interface WriterEvents {
  /** The last byte is out. */
  written(): void;
  /** A write failed: nothing more will be sent, but an answer may still come. */
  broke(): void;
  /** The request's body broke off: what was sent is no request. */
  bodyFailed(error: unknown): void;
  /** The endpoint took no byte for the whole idle timeout. */
  stalled(): void;
}

/** Room before a piece for its chunk size and behind it for CRLF. */
const CHUNK_PREFIX = 10, CHUNK_SUFFIX = 2;
const LAST_CHUNK = "0\r\n";

/** Milliseconds that a body waits for `100 Continue`: many servers never send it (RFC 9110 §10.1.1), and curl waits as long. */
const CONTINUE_WAIT = 1_000;

/** Writes one request after another to a socket; reading goes on beside it. */
export class RequestWriter {
  readonly #socket: ByteStream;
  readonly #buffers: BufferPool;
  readonly #deadlines: TimerWheel;
  readonly #events: WriterEvents;
  #request: WireRequest | null = null;
  #done = true;
  #stopped = false;
  /** Lets a body go that waits for the endpoint's word. */
  #release: (() => void) | null = null;

  constructor(
    socket: ByteStream,
    shared: { readonly buffers: BufferPool; readonly deadlines: TimerWheel },
    events: WriterEvents,
  ) {
    this.#socket = socket;
    this.#buffers = shared.buffers;
    this.#deadlines = shared.deadlines;
    this.#events = events;
  }

  /** Whether every byte of the last request was written. */
  get done(): boolean {
    return this.#done;
  }

  /** Starts writing a request; the one before must be done. */
  start(request: WireRequest): void {
    this.#request = request;
    this.#done = false;
    const { method, head, body } = request;
    const text = head + framingLine(method, body) + "\r\n";
    const extra = body instanceof Uint8Array ? body.length : 0;
    const pooled = this.#buffers.take();
    const buffer = text.length + extra <= pooled.length ? pooled : new Uint8Array(text.length + extra);
    if (buffer !== pooled) this.#buffers.give(pooled);
    let length = encodeLatin1(text, buffer, 0);
    if (isBodySource(body)) {
      this.#upload(body, buffer, length);
      return;
    }
    if (body !== null) {
      buffer.set(body, length);
      length += body.length;
    }
    this.#socket.write(buffer.subarray(0, length)).then(
      (count) => count === length ? this.#written(buffer) : this.#writeRest(buffer, count, length),
      () => this.#broke(buffer),
    );
  }

  /** The endpoint wants the body, or nobody waits for its word any longer. */
  proceed(): void {
    this.#release?.();
  }

  /** Stops a body that is still on its way; its source is cancelled. */
  stop(): void {
    if (this.#stopped || this.#done) return;
    this.#stopped = true;
    this.#release?.();
    const body = this.#request?.body ?? null;
    if (isBodySource(body)) body.cancel();
  }

  #written(buffer: Uint8Array): void {
    this.#buffers.give(buffer);
    this.#done = true;
    if (!this.#stopped) this.#events.written();
  }

  async #writeRest(buffer: Uint8Array, from: number, to: number): Promise<void> {
    try {
      await this.#writeAll(buffer, from, to);
    } catch {
      return this.#broke(buffer);
    }
    this.#written(buffer);
  }

  /** A write failed. The reader finds out why: the endpoint may have answered early and closed. */
  #broke(buffer: Uint8Array): void {
    this.#buffers.give(buffer);
    if (!this.#stopped) this.#events.broke();
  }

  /**
   * Sends head and body, one piece at a time: the awaited write is the backpressure. A body of known length starts in
   * the head's packet; one without must not hold the head back, for its sender may wait for an answer to it.
   */
  async #upload(body: BodySource, buffer: Uint8Array, headLength: number): Promise<void> {
    const chunked = body.length === undefined, waits = this.#request!.expectsContinue === true;
    let filled = headLength, left = body.length ?? 0;
    try {
      if (chunked || waits) {
        await this.#writeAll(buffer, 0, filled);
        filled = 0;
      }
      if (waits && !await this.#mayProceed()) return this.#buffers.give(buffer);
      for (;;) {
        if (!chunked && left === 0) break;
        const at = chunked ? CHUNK_PREFIX : filled;
        if (!chunked && at === buffer.length) {
          await this.#writeAll(buffer, 0, filled);
          filled = 0;
          continue;
        }
        const room = buffer.subarray(at, chunked ? buffer.length - CHUNK_SUFFIX : Math.min(buffer.length, at + left));
        const count = await this.#pull(body, room);
        if (count < 0) return this.#buffers.give(buffer);
        if (chunked) {
          if (count === 0) break;
          await this.#writeChunk(buffer, count);
        } else {
          if (count === 0) {
            this.#events.bodyFailed(new BodyError("client", "the body ended before its content-length"));
            return this.#buffers.give(buffer);
          }
          left -= count;
          await this.#writeAll(buffer, 0, filled + count);
          filled = 0;
        }
      }
      if (chunked) await this.#writeEnd(body, buffer);
      else if (filled > 0) await this.#writeAll(buffer, 0, filled);
      // A source learns by this that it was read to its end, and its connection may be kept.
      const more = chunked ? 0 : await this.#pull(body, buffer);
      if (more > 0) this.#events.bodyFailed(new BodyError("client", "the body is longer than its content-length"));
      if (more !== 0) return this.#buffers.give(buffer);
    } catch {
      if (!this.#stopped) body.cancel();
      return this.#broke(buffer);
    }
    this.#written(buffer);
  }

  /** Reads a piece; -1 when the body failed or the writer was stopped, which has been told. */
  async #pull(body: BodySource, into: Uint8Array): Promise<number> {
    const { idleTimeout } = this.#request!;
    const deadline = this.#deadlines.after(idleTimeout, () => {
      this.#events.bodyFailed(new BodyError("client-timeout", `no byte of the request's body for ${idleTimeout} ms`));
    });
    try {
      const count = await body.read(into);
      return this.#stopped ? -1 : count;
    } catch (error) {
      if (!this.#stopped) this.#events.bodyFailed(error);
      return -1;
    } finally {
      deadline.cancel();
    }
  }

  /** Waits for the endpoint's word. @returns false when the writer was stopped meanwhile: nobody wants the body */
  async #mayProceed(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#release = resolve;
    const deadline = this.#deadlines.after(CONTINUE_WAIT, resolve);
    await promise;
    deadline.cancel();
    this.#release = null;
    return !this.#stopped;
  }

  #writeEnd(body: BodySource, buffer: Uint8Array): Promise<void> {
    const text = LAST_CHUNK + trailerText(body.trailers ?? null) + "\r\n";
    const end = text.length <= buffer.length ? buffer : new Uint8Array(text.length);
    return this.#writeAll(end, 0, encodeLatin1(text, end, 0));
  }

  #writeChunk(buffer: Uint8Array, count: number): Promise<void> {
    const size = count.toString(16) + "\r\n";
    const start = CHUNK_PREFIX - size.length, end = CHUNK_PREFIX + count;
    encodeLatin1(size, buffer, start);
    encodeLatin1("\r\n", buffer, end);
    return this.#writeAll(buffer, start, end + 2);
  }

  async #writeAll(buffer: Uint8Array, from: number, to: number): Promise<void> {
    // An endpoint that takes nothing is given the same time as one that sends nothing.
    const deadline: Deadline = this.#deadlines.after(this.#request!.idleTimeout, () => this.#events.stalled());
    try {
      for (let at = from; at < to;) at += await this.#socket.write(buffer.subarray(at, to));
    } finally {
      deadline.cancel();
    }
  }
}
