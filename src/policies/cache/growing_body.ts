/** A body that is read once and taken by many. @module */

import { BodyError, type BodySource } from "../../core/body.ts";

/** Room for a body of unknown length before any of it has come. */
const FIRST_ROOM = 16 * 1024;
/** What is read at a time of a body that is too long to keep. */
const WINDOW = 64 * 1024;

/**
 * Reads a body at its sender's pace, so that a slow reader delays nobody, and hands it to every reader from its beginning,
 * as it comes. When it turns out to be longer than what may be kept, only what the slowest reader still lacks is held, and
 * no new reader can join.
 */
export class GrowingBody {
  readonly length: number | undefined;
  readonly #source: BodySource;
  readonly #most: number;
  readonly #readers = new Set<Reader>();
  #bytes: Uint8Array;
  /** Bytes of the body before the first of `#bytes`. */
  #dropped = 0;
  /** Bytes of the body that have come. */
  #count = 0;
  #end: "open" | "whole" | "broken" = "open";
  #error: unknown = null;
  #kept = true;
  #tooLong = false;
  readonly #alone: boolean;
  /** Set while nothing is read, as the slowest reader has not taken what there is. */
  #resume: (() => void) | null = null;
  #cancelled = false;

  /**
   * @param most bytes that are kept at most
   * @param alone whether it is given up with its last reader, though it could be kept
   */
  constructor(source: BodySource, most: number, alone = false) {
    this.#source = source;
    this.#most = most;
    this.#alone = alone;
    this.length = source.length;
    // One byte more than there may be, to see whether there is.
    this.#bytes = new Uint8Array(Math.min(source.length ?? FIRST_ROOM, most) + 1);
  }

  /** Whether a reader that begins now gets all of it. */
  get joinable(): boolean {
    return this.#kept && this.#end !== "broken";
  }

  /** Whether it has turned out to be longer than what may be kept. */
  get tooLong(): boolean {
    return this.#tooLong;
  }

  /** A reader from the beginning on. Ask {@link joinable} first. */
  reader(): BodySource {
    const reader = new Reader(this);
    this.#readers.add(reader);
    return reader;
  }

  /**
   * Reads it to its end. To be called once.
   *
   * @returns all of it, or `null` where it broke off or is too long to keep
   */
  async pump(): Promise<Uint8Array | null> {
    try {
      for (;;) {
        if (this.#bytes.length === this.#count - this.#dropped && !await this.#makeRoom()) break;
        const reading = this.#source.read(this.#bytes.subarray(this.#count - this.#dropped));
        const got = typeof reading === "number" ? reading : await reading;
        if (got === 0) break;
        this.#count += got;
        this.#wake();
      }
      const { length } = this;
      if (this.#cancelled) this.#fail(new BodyError("endpoint", "the body was given up"));
      else if (length === undefined || this.#count === length) this.#end = "whole";
      // What is incomplete must not be kept (RFC 9111 §3.3), however quietly it ends.
      else this.#fail(new BodyError("endpoint", `the body has ${this.#count} bytes in place of ${length}`));
    } catch (error) {
      this.#fail(error);
    }
    this.#wake();
    return this.#end === "whole" && this.#kept ? fitted(this.#bytes, this.#count) : null;
  }

  /** Gives it up: its readers see it broken. */
  cancel(): void {
    if (this.#end !== "open" || this.#cancelled) return;
    this.#cancelled = true;
    this.#source.cancel();
    this.#resume?.();
  }

  /** It is not to be kept any more: it is for those who read it already. */
  release(): void {
    this.#kept = false;
    if (this.#readers.size === 0) this.cancel();
  }

  get trailers(): readonly string[] | null {
    return this.#end === "whole" ? this.#source.trailers ?? null : null;
  }

  /** For readers: what there is behind `position`, copied into `into`; `null`: nothing yet. */
  take(into: Uint8Array, position: number): number | null {
    const from = position - this.#dropped, count = Math.min(into.length, this.#count - position);
    if (count > 0) {
      into.set(this.#bytes.subarray(from, from + count));
      return count;
    }
    if (this.#end === "broken") throw this.#error;
    return this.#end === "whole" ? 0 : null;
  }

  /** For readers: one of them has taken something. */
  advanced(): void {
    if (this.#resume !== null && this.#allHaveTaken()) this.#resume();
  }

  /** For readers: one of them has left. */
  left(reader: Reader): void {
    this.#readers.delete(reader);
    // What is not kept is for its readers only.
    if ((this.#alone || !this.#kept) && this.#readers.size === 0) this.cancel();
    else this.advanced();
  }

  /** @returns whether anybody is there to read for */
  async #makeRoom(): Promise<boolean> {
    if (this.#kept && this.#bytes.length <= this.#most) {
      const larger = new Uint8Array(Math.min(this.#most + 1, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      return true;
    }
    if (this.#kept) this.#tooLong = true;
    this.#kept = false;
    if (this.#readers.size === 0) {
      this.cancel();
      return false;
    }
    while (!this.#cancelled && !this.#allHaveTaken()) {
      await new Promise<void>((resolve) => this.#resume = resolve);
      this.#resume = null;
    }
    this.#dropped = this.#count;
    if (this.#bytes.length !== WINDOW) this.#bytes = new Uint8Array(WINDOW);
    return !this.#cancelled;
  }

  #allHaveTaken(): boolean {
    for (const reader of this.#readers) if (reader.position < this.#count) return false;
    return true;
  }

  #fail(error: unknown): void {
    this.#end = "broken";
    this.#error = error;
  }

  #wake(): void {
    for (const reader of this.#readers) reader.wake();
  }
}

/** The bytes without more room behind them than is worth a copy. */
function fitted(bytes: Uint8Array, count: number): Uint8Array {
  const spare = bytes.length - count;
  return spare <= 64 || spare <= count >> 4 ? bytes.subarray(0, count) : bytes.slice(0, count);
}

/** One reader's place in the body. */
class Reader implements BodySource {
  position = 0;
  readonly #body: GrowingBody;
  #waiting: { readonly into: Uint8Array; resolve(count: number): void; reject(error: unknown): void } | null = null;
  #gone = false;

  constructor(body: GrowingBody) {
    this.#body = body;
  }

  get length(): number | undefined {
    return this.#body.length;
  }

  get trailers(): readonly string[] | null {
    return this.#body.trailers;
  }

  read(into: Uint8Array): number | Promise<number> {
    const count = this.#take(into);
    return count ?? new Promise((resolve, reject) => this.#waiting = { into, resolve, reject });
  }

  cancel(): void {
    if (this.#gone) return;
    this.#gone = true;
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#body.left(this);
    waiting?.reject(new BodyError("client", "the reader has left"));
  }

  /** There may be more. */
  wake(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    let count;
    try {
      count = this.#take(waiting.into);
    } catch (error) {
      this.#waiting = null;
      return waiting.reject(error);
    }
    if (count === null) return;
    this.#waiting = null;
    waiting.resolve(count);
  }

  #take(into: Uint8Array): number | null {
    const count = this.#body.take(into, this.position);
    if (count !== null && count > 0) {
      this.position += count;
      this.#body.advanced();
    }
    return count;
  }
}
