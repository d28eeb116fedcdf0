/** The head that an upstream receives. @module */

import type { DropSet } from "../core/drop_set.ts";
import type { Exchange } from "../core/exchange.ts";
import { forwardedText, REQUEST_DROP, UNTRUSTED_REQUEST_DROP } from "../http/forwarded.ts";

/** Writes request heads; what does not depend on the exchange is prepared. */
export class RequestHeads {
  readonly #trusted: DropSet;
  readonly #untrusted: DropSet;
  readonly #idLine: string;

  /** @param requestIdField name of the request id's field, in lower case */
  constructor(requestIdField: string) {
    // Host, framing and the id are written anew. Expect is answered at this hop by the engine.
    const rewritten = ["host", "content-length", "expect", requestIdField];
    this.#trusted = REQUEST_DROP.with(rewritten);
    this.#untrusted = UNTRUSTED_REQUEST_DROP.with(rewritten);
    this.#idLine = requestIdField + ": ";
  }

  /** Request line and field lines for a request to `target` (path and query), without framing and blank line. */
  head(exchange: Exchange, target: string, host: string): string {
    const drop = exchange.client.trusted ? this.#trusted : this.#untrusted;
    return exchange.method + " " + target + " HTTP/1.1\r\nhost: " + host + "\r\n" + exchange.headers.text(drop) +
      forwardedText(exchange) + this.#idLine + exchange.requestId + "\r\n";
  }
}
