/** A body whose bytes are at hand but which is more than its bytes. @module */

import type { BodySource } from "../core/body.ts";

/** Ready bytes with trailers behind them. */
export class BytesSource implements BodySource {
  /** Unknown, because a message that says its length has no trailers. */
  readonly length = undefined;
  #rest: Uint8Array;

  constructor(bytes: Uint8Array, readonly trailers: readonly string[]) {
    this.#rest = bytes;
  }

  read(into: Uint8Array): number {
    const count = Math.min(into.length, this.#rest.length);
    into.set(this.#rest.subarray(0, count));
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  cancel(): void {
    this.#rest = this.#rest.subarray(this.#rest.length);
  }
}
