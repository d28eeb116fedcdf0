/** A body whose pieces arrive when a test says so. @module */

import { BodyError, type BodySource } from "../../../src/core/body.ts";

/** One piece of a body: how many bytes at most, and whether they are there when they are asked for. */
export interface Piece {
  readonly size: number;
  readonly sync: boolean;
}

/** What comes behind the last piece. */
export type Ending = "end" | "failure";

/** Gives the bytes 0, 1, 2, … and keeps count of what was asked of it. */
export class ManualSource implements BodySource {
  readonly length: number | undefined;
  trailers: readonly string[] | null = null;
  /** Bytes given so far. */
  given = 0;
  /** Whether the end was told. */
  ended = false;
  /** Whether it told that it broke off. */
  failed = false;
  cancelled = 0;
  /** What it was last asked to read into. */
  lastInto: Uint8Array | null = null;
  /** Reads that were asked for while another was under way: a reader must not do that. */
  overlapping = 0;
  readonly #pieces: Piece[];
  readonly #ending: Ending;
  #waiting: { into: Uint8Array; resolve(count: number): void; reject(error: Error): void } | null = null;

  constructor(pieces: readonly Piece[], options: { readonly known: boolean; readonly ending?: Ending }) {
    this.#pieces = pieces.map((piece) => ({ ...piece }));
    this.#ending = options.ending ?? "end";
    this.length = options.known ? pieces.reduce((sum, { size }) => sum + size, 0) : undefined;
  }

  /** Whether somebody waits for bytes. */
  get waiting(): boolean {
    return this.#waiting !== null;
  }

  read(into: Uint8Array): number | Promise<number> {
    this.lastInto = into;
    if (this.#waiting !== null) this.overlapping++;
    if (this.cancelled > 0) return Promise.reject(new BodyError("client", "read after the end"));
    const sync = this.#pieces[0]?.sync ?? (this.ended || this.#ending === "end");
    if (sync) return this.#give(into);
    return new Promise((resolve, reject) => this.#waiting = { into, resolve, reject });
  }

  /** What somebody waits for comes: bytes, the end or the failure. */
  arrive(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    if (this.#pieces.length > 0 || this.#ending === "end") return waiting.resolve(this.#give(waiting.into));
    this.failed = true;
    waiting.reject(new BodyError("client", "the client broke off"));
  }

  cancel(): void {
    this.cancelled++;
    this.#waiting?.reject(new BodyError("client", "cancelled"));
    this.#waiting = null;
  }

  #give(into: Uint8Array): number {
    const piece = this.#pieces.shift();
    if (piece === undefined) {
      this.ended = true;
      return 0;
    }
    const count = Math.min(piece.size, into.length);
    for (let i = 0; i < count; i++) into[i] = this.given++;
    if (count < piece.size) this.#pieces.unshift({ size: piece.size - count, sync: piece.sync });
    return count;
  }
}

/** The bytes that a source gives, up to this one. */
export function bytesUpTo(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => i);
}
