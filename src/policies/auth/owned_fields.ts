/** Request fields that a policy writes and nobody else. @module */

import type { Exchange } from "../../core/exchange.ts";

/**
 * Removes what the client has sent under these names, and keeps its trailers from bringing them back. CGI, WSGI and PHP
 * tell `-` and `_` in a name not apart: other spellings go too. Engines keep names with `_` out, but not those that a
 * trusted proxy passes on.
 */
export class OwnedFields {
  readonly #names: readonly string[];
  /** With `-` throughout. */
  readonly #dashed: readonly string[];

  /** @param names in lower case */
  constructor(names: readonly string[]) {
    this.#dashed = names.map(dashed);
    this.#names = [...new Set([...names, ...this.#dashed])];
  }

  removeFrom(exchange: Exchange): void {
    if (this.#names.length === 0) return;
    const { headers, client } = exchange;
    for (const name of this.#names) headers.remove(name);
    exchange.owned = exchange.owned === null ? this.#dashed : [...exchange.owned, ...this.#dashed];
    if (!client.trusted) return;
    const others = headers.flat().filter((text, i) => i % 2 === 0 && text.includes("_") && this.#owns(text));
    for (const name of others) headers.remove(name);
  }

  #owns(name: string): boolean {
    return this.#dashed.includes(dashed(name));
  }
}

function dashed(name: string): string {
  return name.replaceAll("_", "-");
}
