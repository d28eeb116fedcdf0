/** One request body for two readers: the upstream, and a policy that looks at it. @module */

import { BodyError, type BodySource } from "../../core/body.ts";

/** How much of a body is kept for the policy: 1 MiB. */
export const COPY_LIMIT = 1024 * 1024;

/**
 * Lets a policy read a body that the upstream must still get whole. Each byte is read from the client once, by whichever
 * reader comes first, and kept for the other, so the two may read in any order, at once, or not to the end.
 *
 * A body above {@link COPY_LIMIT} cannot be read by the policy: its read fails with {@link BodyError} `"too-large"`, at
 * once when the length was announced. The upstream still gets all of it.
 */
export class SharedBody {
  /** For whoever forwards the body. Giving it up ends both. */
  readonly upstream: BodySource;
  /** For the policy. Giving it up leaves the upstream's side as it is. */
  readonly web: BodySource;

  readonly #source: BodySource;
  /** What was read, from the first byte on; `#count` bytes of it. One buffer, for a sender of single bytes must not cost more. */
  #kept: Uint8Array = NOTHING;
  #count = 0;
  /** How far each reader has come in what is kept. */
  readonly #upstream = { at: 0 };
  readonly #web = { at: 0 };
  /** Whether the policy may still want what the upstream reads. */
  #keeping: boolean;
  /** A read of the source that has not come back. */
  #reading: Promise<unknown> | null = null;
  /** Bytes that the source still has; without a length nobody knows. */
  #left: number;
  #ended = false;
  /** Why the source can be read no further. */
  #failure: unknown = null;
  /** Why the policy can read no further, where the upstream can. */
  #closed: Error | null = null;

  constructor(source: BodySource) {
    this.#source = source;
    const length = source.length;
    this.#left = length ?? Infinity;
    this.#keeping = length === undefined || length <= COPY_LIMIT;
    if (!this.#keeping) this.#closed = bodyTooLarge();
    this.upstream = {
      length,
      read: (into) => this.#read(this.#upstream, into),
      cancel: () => this.#giveUp(),
    };
    this.web = {
      length,
      read: (into) => this.#closed === null ? this.#read(this.#web, into) : Promise.reject(this.#closed),
      cancel: () => this.#close(new Error("the body of this request was cancelled")),
    };
  }

  #read(reader: { at: number }, into: Uint8Array): number | Promise<number> {
    if (reader.at < this.#count) return this.#replay(reader, into);
    if (this.#ended) return 0;
    if (this.#failure !== null) return Promise.reject(this.#failure);
    // The other reader has asked already: what it gets is kept, and this one looks again.
    if (this.#reading !== null) return this.#reading.then(() => this.#again(reader, into));
    return this.#pull(reader, into);
  }

  #again(reader: { at: number }, into: Uint8Array): number | Promise<number> {
    return reader === this.#web ? this.web.read(into) : this.#read(reader, into);
  }

  #pull(reader: { at: number }, into: Uint8Array): number | Promise<number> {
    // One byte above the limit is enough to know, and bounds what is kept.
    const room = this.#keeping ? into.subarray(0, COPY_LIMIT + 1 - this.#count) : into;
    const count = this.#source.read(room);
    if (typeof count === "number") return this.#took(reader, room, count);
    const reading = count.then((count) => {
      this.#reading = null;
      return this.#took(reader, room, count);
    }, (cause) => {
      this.#reading = null;
      this.#failure ??= cause;
      throw this.#failure;
    });
    this.#reading = reading.then(ignore, ignore);
    return reading;
  }

  #took(reader: { at: number }, room: Uint8Array, count: number): number | Promise<number> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (count === 0) {
      this.#ended = true;
      return 0;
    }
    // A forwarder that knows the length does not ask for the end.
    this.#ended = (this.#left -= count) <= 0;
    const byPolicy = reader === this.#web;
    if (this.#keeping || byPolicy) {
      this.#keep(room, count);
      reader.at = this.#count;
    }
    if (this.#keeping && this.#count > COPY_LIMIT) this.#close(bodyTooLarge());
    return byPolicy && this.#closed !== null ? Promise.reject(this.#closed) : count;
  }

  #keep(room: Uint8Array, count: number): void {
    const needed = this.#count + count;
    if (needed > this.#kept.length) {
      const larger = new Uint8Array(Math.max(needed, Math.min(this.#kept.length * 2, COPY_LIMIT + 1)));
      larger.set(this.#kept.subarray(0, this.#count));
      this.#kept = larger;
    }
    this.#kept.set(room.subarray(0, count), this.#count);
    this.#count = needed;
  }

  #replay(reader: { at: number }, into: Uint8Array): number {
    const count = Math.min(this.#count - reader.at, into.length);
    into.set(this.#kept.subarray(reader.at, reader.at + count));
    reader.at += count;
    if (!this.#keeping) this.#release();
    return count;
  }

  /** Nothing more is kept for the policy. */
  #close(why: Error): void {
    this.#closed ??= why;
    this.#keeping = false;
    this.#release();
  }

  /** Drops what was kept once the upstream, the only reader that is left, has had it. */
  #release(): void {
    if (this.#upstream.at < this.#count) return;
    this.#kept = NOTHING;
    this.#count = this.#upstream.at = 0;
  }

  #giveUp(): void {
    if (this.#ended || this.#failure !== null) return;
    this.#failure = new BodyError("client", "the request's body was given up before its end");
    this.#close(new Error("the upstream gave the request's body up before its end: read it before next()"));
    this.#source.cancel();
  }
}

const NOTHING = new Uint8Array(0);

function ignore(): void {}

/** What a policy gets that reads a body above {@link COPY_LIMIT}. */
export function bodyTooLarge(): BodyError {
  return new BodyError(
    "too-large",
    `a policy reads the request's body, which is larger than the ${COPY_LIMIT} bytes that are kept for that`,
  );
}
