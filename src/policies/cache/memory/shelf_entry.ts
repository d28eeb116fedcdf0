/** One kept answer and its place. @module */

import type { StoredResponse } from "../stored_response.ts";
import { Evictable } from "./eviction.ts";

/** What is on a shelf from one time that all of it is taken out to the next. */
export interface Filling {
  over: boolean;
}

/** Where an answer belongs. */
export interface ShelfPlace {
  /** Text of the URL. */
  readonly key: string;
  /** The cache's own part of what tells the answers for a URL apart. */
  readonly variant: string;
  /** Text of the request fields that `vary` names, see `selectingText`. */
  readonly selecting: string;
}

/** An answer on a {@link MemoryShelf}. Only the shelf changes it, but for `ready` and `hits`. */
export class ShelfEntry extends Evictable implements ShelfPlace {
  readonly key: string;
  readonly variant: string;
  readonly selecting: string;
  response: StoredResponse;
  /** The request fields of `response.vary` as they were sent with the last request that it was the answer to. */
  asked: readonly (string | null)[] | null = null;
  /** For the shelf: it went by itself. */
  taken = false;
  /** What whoever serves it has made of `response`, to be used again; the shelf empties it when that is another. */
  ready: object | null = null;
  /** Until then it is not refreshed behind a client's back, as that has just failed. */
  refreshAfter = -Infinity;
  /** How often it was served. */
  hits = 0;

  readonly #filling: Filling;

  constructor(
    { key, variant, selecting }: ShelfPlace,
    response: StoredResponse,
    print: number,
    filling: Filling,
  ) {
    super(print);
    this.#filling = filling;
    this.key = key;
    this.variant = variant;
    this.selecting = selecting;
    this.response = response;
  }

  /** Whether the shelf has it still: what was purged or evicted is not brought back by who has held on to it. */
  get held(): boolean {
    return !this.taken && !this.#filling.over;
  }
}
