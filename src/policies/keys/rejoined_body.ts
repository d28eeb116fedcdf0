/** A body of which somebody has read the beginning. @module */

import type { BodySource } from "../../core/body.ts";

const NOTHING = new Uint8Array(0);

/** Gives the bytes that have been read already, and then the rest. It keeps them no longer than until they are forwarded. */
export class RejoinedBody implements BodySource {
  #first: Uint8Array;
  readonly #rest: BodySource;

  constructor(first: Uint8Array, rest: BodySource) {
    this.#first = first;
    this.#rest = rest;
  }

  get length(): number | undefined {
    return this.#rest.length;
  }

  get trailers(): readonly string[] | null | undefined {
    return this.#rest.trailers;
  }

  read(into: Uint8Array): number | Promise<number> {
    const first = this.#first;
    if (first.length === 0) return this.#rest.read(into);
    const count = Math.min(first.length, into.length);
    into.set(first.subarray(0, count));
    // An empty part of a buffer would keep all of it.
    this.#first = count === first.length ? NOTHING : first.subarray(count);
    return count;
  }

  cancel(): void {
    this.#first = NOTHING;
    this.#rest.cancel();
  }
}
