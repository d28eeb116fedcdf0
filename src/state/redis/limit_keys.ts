/** Under which keys limits are kept. @module */

import { createHash } from "node:crypto";
import type { LimiterInit } from "../../core/store.ts";

/** Characters of base64url: 132 bits, of which two texts will not have the same. */
const LENGTH = 22;

/**
 * `prefix{hash}:node#0:token-bucket`. Of what a limit counts by there is a hash, which in a cluster alone decides on the
 * node: limits of a policy that count by the same are together. It comes first, since ids of nodes may have braces.
 */
export class LimitKeys {
  readonly #head: string;
  readonly #tails: readonly string[];

  constructor(
    prefix: string,
    { id, algorithms, kinds = algorithms.map(({ name }) => name) }: Pick<LimiterInit, "id" | "algorithms" | "kinds">,
  ) {
    this.#head = `${prefix}{`;
    this.#tails = kinds.map((kind, i) => `}:${id}#${i}:${kind}`);
  }

  /** @param texts that the limits count by */
  of(texts: readonly string[]): string[] {
    let hash = "";
    return texts.map((text, i) => {
      if (i === 0 || text !== texts[i - 1]) hash = hashOf(text);
      return this.#head + hash + this.#tails[i];
    });
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, LENGTH);
}
