/** Which trailers of a request go upstream (RFC 9110 §6.5). @module */

import { type Body, type BodySource, isBodySource } from "../core/body.ts";
import type { Exchange } from "../core/exchange.ts";
import { nominated } from "../http/hop_by_hop.ts";

/**
 * A body of the exchange, its own by default, with the trailers that may follow it upstream. A receiver may merge trailers
 * into the head, so none goes on that the client's `Connection` names, none that a policy owns, and none that the head has:
 * a policy that set a field has the last word.
 */
export function forwardedBody(exchange: Exchange, body: Body = exchange.body): Body {
  // Trailers come behind chunks only, and those of unknown length.
  return isBodySource(body) && body.length === undefined ? new TrailedBody(body, exchange) : body;
}

class TrailedBody implements BodySource {
  readonly length = undefined;
  readonly #source: BodySource;
  readonly #exchange: Exchange;

  constructor(source: BodySource, exchange: Exchange) {
    this.#source = source;
    this.#exchange = exchange;
  }

  get trailers(): readonly string[] | null {
    const { trailers = null } = this.#source, { headers, owned } = this.#exchange;
    if (trailers === null) return null;
    const hop = nominated(headers.get("connection")) ?? [], kept: string[] = [];
    for (let i = 0; i + 1 < trailers.length; i += 2) {
      const name = trailers[i];
      if (owned?.includes(name.replaceAll("_", "-"))) continue;
      if (!hop.includes(name) && !headers.has(name)) kept.push(name, trailers[i + 1]);
    }
    return kept;
  }

  read(into: Uint8Array): number | Promise<number> {
    return this.#source.read(into);
  }

  cancel(): void {
    this.#source.cancel();
  }
}
