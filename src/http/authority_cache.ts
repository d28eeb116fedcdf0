/** Authorities that were read before. @module */

import { type Authority, parseAuthority } from "./authority.ts";

const DEFAULT_LIMIT = 256;

/**
 * {@link parseAuthority} with a memory of its own, so that the usual request costs one look-up. Only valid authorities
 * are kept, at most `limit` of them (each under 300 characters); the oldest makes room.
 */
export class AuthorityCache {
  readonly #limit: number;
  readonly #known = new Map<string, Authority>();
  /** The one asked for last: most requests in a row name the same host, and comparing costs less than hashing. */
  #lastText = "";
  #last: Authority | null = null;

  /** @param limit entries, at least 1. @default 256 */
  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  /** How many authorities are kept. */
  get size(): number {
    return this.#known.size;
  }

  /** As {@link parseAuthority}. */
  parse(text: string): Authority | null {
    if (this.#last !== null && text === this.#lastText) return this.#last;
    const authority = this.#known.get(text) ?? this.#learn(text);
    if (authority !== null) {
      this.#last = authority;
      this.#lastText = text;
    }
    return authority;
  }

  #learn(text: string): Authority | null {
    // A copy: what arrives is a slice of a head, and a kept slice would keep the whole head.
    const copy = text.split("").join("");
    const authority = parseAuthority(copy);
    if (authority === null) return null;
    if (this.#known.size >= this.#limit) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#known.set(copy, authority);
    return authority;
  }
}
