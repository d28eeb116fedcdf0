/** The body of a request on a stream. @module */

import { BodyError, type BodySource } from "../../core/body.ts";
import { ByteQueue } from "./byte_queue.ts";

/** The stream, as far as a body needs it. */
export interface BodyOwner {
  /** A reader waits for bytes. */
  wanted(): void;
  /** Bytes were read: the client may send as many more. */
  read(count: number): void;
  /** Bytes were dropped: others of the connection may have their room, this body may not. */
  dropped(count: number): void;
}

/**
 * Keeps what comes until somebody reads it. Flow control bounds how much that is: the client is told to go on only when
 * bytes have been read (RFC 9113 §5.2).
 */
export class RequestBody implements BodySource {
  readonly length: number | undefined;
  /** Bytes so far. */
  received = 0;
  readonly #owner: BodyOwner;
  readonly #most: number;
  readonly #queue = new ByteQueue();
  #complete = false;
  #trailers: readonly string[] | null = null;
  #failure: BodyError | null = null;
  #into: Uint8Array | null = null;
  #resolve: ((count: number) => void) | null = null;
  #reject: ((error: BodyError) => void) | null = null;

  /** @param length bytes as `content-length` says @param most bytes that the body may have */
  constructor(owner: BodyOwner, length: number | undefined, most: number) {
    this.#owner = owner;
    this.#most = most;
    this.length = length;
  }

  /** Why nothing more can be read, or `null`. */
  get failure(): BodyError | null {
    return this.#failure;
  }

  /** Bytes that wait for a reader. */
  get unread(): number {
    return this.#queue.length;
  }

  /** Bytes still to come; `Infinity` where only the end will tell. */
  get left(): number {
    return this.length === undefined ? Infinity : this.length - this.received;
  }

  get trailers(): readonly string[] | null {
    return this.#trailers;
  }

  read(into: Uint8Array): number | Promise<number> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (this.#queue.length > 0) return this.#took(this.#queue.take(into));
    if (this.#complete) return 0;
    return new Promise((resolve, reject) => {
      this.#into = into;
      this.#resolve = resolve;
      this.#reject = reject;
      this.#owner.wanted();
    });
  }

  /** All of the body, which has ended. */
  whole(): Uint8Array {
    const bytes = this.#queue.takeAll();
    this.#took(bytes.length);
    return bytes;
  }

  cancel(): void {
    if (!this.#complete || this.#queue.length > 0) this.fail(new BodyError("client", "the body was given up"));
  }

  /** Bytes came. @returns whether the body may be as long as it now is */
  push(bytes: Uint8Array, start: number, end: number): boolean {
    const count = end - start;
    this.received += count;
    if (this.left < 0) {
      this.#owner.dropped(count);
      return false;
    }
    if (this.received > this.#most) this.fail(new BodyError("too-large", "the body is too large"));
    if (this.#failure !== null) this.#owner.dropped(count);
    else this.#take(bytes, start, end);
    return true;
  }

  /** The last byte came. @returns whether that is where the body should end (RFC 9113 §8.1.1) */
  end(trailers: readonly string[] | null): boolean {
    if (this.length !== undefined && this.received !== this.length) return false;
    this.#complete = true;
    this.#trailers = trailers;
    this.#settle(0, null);
    return true;
  }

  /** Nothing more can be read; what nobody read is dropped. */
  fail(error: BodyError): void {
    if (this.#failure !== null || (this.#complete && this.#queue.length === 0)) return;
    this.#failure = error;
    const unread = this.#queue.clear();
    if (unread > 0) this.#owner.dropped(unread);
    this.#settle(0, error);
  }

  #take(bytes: Uint8Array, start: number, end: number): void {
    const into = this.#into;
    if (into === null) return this.#queue.push(bytes, start, end);
    const count = Math.min(into.length, end - start);
    into.set(bytes.subarray(start, start + count));
    if (start + count < end) this.#queue.push(bytes, start + count, end);
    this.#settle(this.#took(count), null);
  }

  #took(count: number): number {
    if (count > 0) this.#owner.read(count);
    return count;
  }

  #settle(count: number, error: BodyError | null): void {
    const resolve = this.#resolve, reject = this.#reject;
    this.#into = this.#resolve = this.#reject = null;
    if (error === null) resolve?.(count);
    else reject?.(error);
  }
}
