/** A body of unknown length that must not grow beyond a limit. @module */

import { BodyError, type BodySource } from "../../core/body.ts";

/** Counts what is read. One byte too many, and it fails with `"too-large"`, and gives its source up. */
export class BoundedBody implements BodySource {
  readonly length = undefined;
  readonly #source: BodySource;
  /** Bytes that may still come. */
  #left: number;

  /** @param most bytes */
  constructor(source: BodySource, most: number) {
    this.#source = source;
    this.#left = most;
  }

  get trailers(): readonly string[] | null {
    return this.#source.trailers ?? null;
  }

  read(into: Uint8Array): number | Promise<number> {
    if (this.#left < 0) return Promise.reject(tooLarge());
    const count = this.#source.read(into);
    return typeof count === "number" ? this.#counted(count) : count.then((count) => this.#took(count));
  }

  cancel(): void {
    this.#source.cancel();
  }

  #counted(count: number): number | Promise<number> {
    try {
      return this.#took(count);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** @throws BodyError */
  #took(count: number): number {
    this.#left -= count;
    if (this.#left >= 0) return count;
    this.#source.cancel();
    throw tooLarge();
  }
}

function tooLarge(): BodyError {
  return new BodyError("too-large", "the body is longer than bodyLimit allows");
}
