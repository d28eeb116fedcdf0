/** The head that an upstream receives. @module */

import type { FieldSet } from "../core/field_set.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Span } from "../core/trace.ts";
import { REQUEST_DROP } from "../http/forwarded.ts";
import { ForwardedMemo } from "../http/forwarded_memo.ts";

/** Writes request heads; what does not depend on the exchange is prepared. */
export class RequestHeads {
  readonly #drop: FieldSet;
  readonly #idLine: string;
  readonly #forwarded = new ForwardedMemo();

  /**
   * @param requestIdField name of the request id's field, in lower case
   * @param traceFields those of fields that tell of traces, where this gateway makes some
   */
  constructor(requestIdField: string, traceFields: readonly string[] = []) {
    // Host, framing and the id are written anew; so is what this hop asks of the next.
    this.#drop = REQUEST_DROP.with(["host", "content-length", "expect", requestIdField, ...traceFields]);
    this.#idLine = requestIdField + ": ";
  }

  /**
   * Request line and field lines for a request to `target` (path and query), without framing and blank line.
   *
   * @param span what the upstream's work is to stand under in the exchange's trace
   */
  head(exchange: Exchange, target: string, host: string, span: Span | null = null): string {
    const { trace } = exchange;
    return exchange.method + " " + target + " HTTP/1.1\r\nhost: " + host + "\r\n" + exchange.headers.text(this.#drop) +
      this.#forwarded.text(exchange) + (trace === null ? "" : trace.lines(span)) + this.#idLine + exchange.requestId +
      hopText(exchange);
  }
}

/** The end of the line before, and the fields that a hop says for itself where the client said them to this one. */
function hopText({ upgrade, acceptsTrailers, expectsContinue }: Exchange): string {
  if (upgrade === "" && !acceptsTrailers && !expectsContinue) return "\r\n";
  let text = "\r\n";
  if (upgrade !== "") text += "upgrade: " + upgrade + "\r\n";
  // RFC 9110 §10.1.4: whoever sends TE names it in Connection.
  if (acceptsTrailers) text += "te: trailers\r\n";
  if (upgrade !== "" || acceptsTrailers) {
    text += "connection: " + (upgrade === "" ? "te" : acceptsTrailers ? "upgrade, te" : "upgrade") + "\r\n";
  }
  return expectsContinue ? text + "expect: 100-continue\r\n" : text;
}
