/** Requests under way, of all who count them together. @module */

import type { Abandonable } from "../../../core/exchange.ts";

/** A count that every request enters once and leaves once. */
export class InFlight {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** One more. It leaves when it is abandoned. */
  enter(): Abandonable {
    this.#count++;
    let over = false;
    return {
      abandon: () => {
        if (!over) this.#count--;
        over = true;
      },
    };
  }
}
