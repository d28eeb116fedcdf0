/** Where clients come from, worked out once for each. @module */

import type { Client, Exchange } from "../core/exchange.ts";
import { originText, viaLine } from "./forwarded.ts";

interface Origin {
  readonly authority: string;
  readonly scheme: string;
  readonly text: string;
}

/** `forwardedText` with a memory: a client asks for the same host again and again over its connection. */
export class ForwardedMemo {
  readonly #known = new WeakMap<Client, Origin>();

  /** The field lines, as `forwardedText` gives them. */
  text(exchange: Exchange): string {
    return (exchange.client.trusted ? originText(exchange) : this.#origin(exchange)) + viaLine(exchange);
  }

  #origin(exchange: Exchange): string {
    const { client, authority, scheme } = exchange, known = this.#known.get(client);
    if (known !== undefined && known.authority === authority && known.scheme === scheme) return known.text;
    const text = originText(exchange);
    this.#known.set(client, { authority, scheme, text });
    return text;
  }
}
