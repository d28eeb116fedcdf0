/** A body of which somebody else gets a copy when it is through. @module */

import type { BodySource } from "../../core/body.ts";

const FIRST_ROOM = 4 * 1024;

/** Passes a body on as it comes, and keeps what passes up to a limit. */
export class CopiedBody implements BodySource {
  readonly #source: BodySource;
  readonly #most: number;
  readonly #whole: (bytes: Uint8Array) => void;
  /** `null`: there is no copy any more. */
  #copy: Uint8Array | null;
  #count = 0;

  /** @param whole gets the copy once the body has ended well; of a body of more than `most` bytes there is none */
  constructor(source: BodySource, most: number, whole: (bytes: Uint8Array) => void) {
    this.#source = source;
    this.#most = most;
    this.#whole = whole;
    const { length = FIRST_ROOM } = source;
    this.#copy = source.length !== undefined && length > most ? null : new Uint8Array(Math.min(length, FIRST_ROOM));
  }

  get length(): number | undefined {
    return this.#source.length;
  }

  get trailers(): readonly string[] | null | undefined {
    return this.#source.trailers;
  }

  read(into: Uint8Array): number | Promise<number> {
    const read = this.#source.read(into);
    if (this.#copy === null) return read;
    return typeof read === "number" ? this.#keep(into, read) : read.then((count) => this.#keep(into, count));
  }

  cancel(): void {
    this.#copy = null;
    this.#source.cancel();
  }

  #keep(into: Uint8Array, count: number): number {
    const copy = this.#copy;
    if (copy === null) return count;
    const total = this.#count + count;
    if (total > this.#most) {
      this.#copy = null;
      return count;
    }
    let room = copy;
    if (total > copy.length) {
      room = this.#copy = new Uint8Array(Math.min(Math.max(total, 2 * copy.length), this.#most));
      room.set(copy.subarray(0, this.#count));
    }
    room.set(into.subarray(0, count), this.#count);
    this.#count = total;
    // Who knows the length does not ask for the end.
    if (count === 0 || total === this.length) {
      this.#copy = null;
      this.#whole(room.subarray(0, total));
    }
    return count;
  }
}
