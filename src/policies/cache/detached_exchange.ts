/** An exchange that goes on without its client. @module */

import { Exchange } from "../../core/exchange.ts";
import type { HeaderList } from "../../core/header_list.ts";

/** A copy of a client's exchange: what becomes of the client is nothing to it, and what becomes of it must be told. */
export class DetachedExchange extends Exchange {
  #led: Exchange | null;

  /**
   * @param headers its own
   * @param led the one that waits for the answer, if any: it is told of interim answers. Nobody else is, as nobody knows yet
   * whose the answer will be.
   */
  constructor(of: Exchange, headers: HeaderList, startedAt: number, led: Exchange | null) {
    const { method, path, query, authority, host, scheme, client, requestId } = of;
    super({ method, path, query, authority, host, scheme, client, headers, body: null, requestId, startedAt });
    this.inherit(of);
    this.acceptsTrailers = of.acceptsTrailers;
    this.#led = led;
  }

  override inform(status: number, fields: readonly string[]): void {
    if (this.#led?.aborted === false) this.#led.inform(status, fields);
  }

  /** There is an answer: what the log says of the client's request is what became of the copy. */
  tell(): void {
    const led = this.#led;
    this.#led = null;
    // Of who has left, that is said.
    if (led === null || led.aborted) return;
    led.attempts += this.attempts;
    led.endpoint = this.endpoint;
    led.error = this.error;
    led.reason = this.reason;
    if (led.limit === "" || (this.limit !== "" && this.limit !== "passed")) led.limit = this.limit;
    if (this.auth !== "") led.auth = this.auth;
    led.identity = this.identity;
    led.credentialed = this.credentialed;
  }
}
