/** The hashes of a request's keys. @module */

import { type Hash64, hashKey, type HashSecret } from "./key_hash.ts";

/** Hashes the keys of each limit of a policy, always into the same objects. */
export class KeyHashes {
  readonly #secret: HashSecret;
  readonly #hashes: readonly Hash64[];

  constructor(limits: number, secret: HashSecret) {
    this.#secret = secret;
    this.#hashes = Array.from({ length: limits }, () => ({ high: 0, low: 0 }));
  }

  /** Good until the next call. */
  of(keys: readonly string[]): readonly Hash64[] {
    const hashes = this.#hashes;
    for (let i = 0; i < hashes.length; i++) {
      if (i === 0 || keys[i] !== keys[i - 1]) hashKey(keys[i], this.#secret, hashes[i]);
      else {
        hashes[i].high = hashes[i - 1].high;
        hashes[i].low = hashes[i - 1].low;
      }
    }
    return hashes;
  }
}
