/** Calls that a gateway makes to services. @module */

import type { Exchange } from "../../core/exchange.ts";

/**
 * The calls that are under way. Most are nobody's: no client's leaving ends them, and when the gateway has stopped, no
 * deadline does either.
 */
export class CallsUnderWay {
  readonly #calls = new Set<Exchange>();
  #closed = false;

  begun(call: Exchange): void {
    if (this.#closed) call.abort();
    else this.#calls.add(call);
  }

  ended(call: Exchange): void {
    this.#calls.delete(call);
  }

  /** Gives all of them up, and those that are still to come. */
  close(): void {
    this.#closed = true;
    for (const call of this.#calls) call.abort();
  }
}
