/** The ciphertext of one connection, between the listener's stream and `node:tls`. @module */

import { closeQuietly } from "../../core/close_quietly.ts";
import { writeAll } from "../../core/write_all.ts";
import { Duplex } from "node:stream";
import type { ByteStream } from "../../core/byte_stream.ts";
import type { Cancel, Clock } from "../../core/clock.ts";
import type { BufferPool } from "../../transport/buffer_pool.ts";

/** What an idle connection reads into; one that sends more gets a buffer of the pool. */
const SMALL_BYTES = 4096;
/** Milliseconds that a peer gets to take an alert or a close_notify. */
const LAST_WORDS_MS = 1000;

/** What `Writable.write()` can be given in place of the callback. */
type Encoding = BufferEncoding | null | undefined;
type Written = (error?: Error | null) => void;

/**
 * The stream that a TLS socket stands on. On a socket of its own `node:tls` reads without limit, whether or not anybody
 * takes the cleartext (Deno 2.9.6); here bytes are taken from the kernel only when somebody asks: by {@link pull}.
 *
 * `node:tls` listens to `data` and `end` and calls `write()`, one call at a time. None of the queues of `node:stream` is
 * used: each would be one more place where bytes wait.
 */
export class Wire extends Duplex {
  /** Settles when the stream below is closed. */
  readonly gone: Promise<void>;
  /** Why the stream below failed: a reason better than what `node:tls` makes of it. */
  failure: Error | null = null;
  /** Whether the peer has sent its last byte. */
  ended = false;
  readonly #stream: ByteStream;
  readonly #buffers: BufferPool;
  readonly #clock: Clock;
  readonly #resolveGone: () => void;
  #small: Uint8Array | null = null;
  #busy = false;
  #reading: Promise<boolean> | null = null;
  #last: Promise<void> = Promise.resolve();
  #closed = false;
  #cancelCut: Cancel | null = null;

  /** @param buffers for connections that send much; shared */
  constructor(stream: ByteStream, buffers: BufferPool, clock: Clock) {
    super({ allowHalfOpen: true, autoDestroy: false });
    this.#stream = stream;
    this.#buffers = buffers;
    this.#clock = clock;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    this.#resolveGone = resolve;
  }

  /**
   * Hands one read's worth of ciphertext to TLS; `false` at the end. Concurrent calls share one read.
   *
   * @param within runs the hand-over
   * @throws what the stream throws
   */
  pull(within: (handOver: () => void) => void = atOnce): Promise<boolean> {
    return this.#reading ??= this.#pull(within);
  }

  /** Hands bytes to TLS that came before this wire was made. */
  feed(bytes: Uint8Array): void {
    this.emit("data", bytes);
  }

  /** Whatever TLS writes goes out at once, and its callback comes when the stream has taken it. */
  override write(bytes: Uint8Array, encoding?: Encoding | Written, callback?: Written): boolean {
    const written = typeof encoding === "function" ? encoding : callback;
    this.#last = writeAll(this.#stream, bytes).then(() => written?.(), (error) => {
      this.failure ??= error;
      written?.(error);
      this.cut();
    });
    return true;
  }

  /** Settles when all that was written is out. */
  async flushed(): Promise<void> {
    let last;
    do {
      last = this.#last;
      await last;
      // TLS writes an alert one microtask after it has made it.
      await undefined;
    } while (last !== this.#last);
  }

  /** Sends a FIN after what was written. */
  async closeWrite(): Promise<void> {
    await this.flushed();
    await this.#stream.closeWrite();
  }

  /** Closes when all is out that was written, or after a moment if the peer does not take it. */
  finish(): void {
    if (this.#cancelCut !== null || this.#closed) return;
    this.#cancelCut = this.#clock.after(LAST_WORDS_MS, () => this.cut());
    this.flushed().then(() => this.cut());
  }

  /** Closes at once. */
  cut(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelCut?.();
    closeQuietly(this.#stream);
    this.#resolveGone();
    this.destroy();
  }

  override _read(): void {}

  /** TLS gives up; its alert may still be on its way to {@link write}. */
  override _destroy(_error: Error | null, callback: (error?: Error | null) => void): void {
    callback(null);
    this.finish();
  }

  async #pull(within: (handOver: () => void) => void): Promise<boolean> {
    const pooled = this.#busy, buffer = pooled ? this.#buffers.take() : this.#small ?? new Uint8Array(SMALL_BYTES);
    this.#small = null;
    try {
      const count = await this.#stream.read(buffer);
      this.#busy = count !== null && count >= SMALL_BYTES;
      this.ended = count === null;
      // TLS copies what it is given before emit() returns.
      within(() => count === null ? this.emit("end") : this.emit("data", buffer.subarray(0, count)));
      if (pooled) this.#buffers.give(buffer);
      else this.#small = buffer;
      return count !== null;
    } catch (error) {
      this.failure ??= error as Error;
      throw error;
    } finally {
      this.#reading = null;
    }
  }
}

function atOnce(handOver: () => void): void {
  handOver();
}
