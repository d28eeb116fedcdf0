/** Where the keys come from that tokens are checked with. @module */

import type { MaybePromise } from "../../../core/handler.ts";
import type { ExchangeTrace } from "../../../core/trace.ts";
import type { JwtAlgorithm } from "./algorithms.ts";
import type { KeySet } from "./key_set.ts";

/** Gives the keys that may have signed a token. */
export interface KeySource {
  /** Another number when a key has gone: what it had verified is to be checked anew. */
  readonly generation: number;
  /** Until when what these keys verify may be remembered, in the clock's milliseconds. */
  readonly goodUntil: number;
  /**
   * The keys to try; none where no key is meant; `null` while that cannot be told.
   *
   * @param trace of the request that they are for; where they have to be asked for, that is part of it
   */
  find(
    algorithm: JwtAlgorithm,
    kid: string | undefined,
    trace: ExchangeTrace | null,
  ): MaybePromise<readonly CryptoKey[] | null>;
  /** What to try where none of the keys found has signed the token: those that are new meanwhile, if there are any. */
  findOthers(
    algorithm: JwtAlgorithm,
    kid: string | undefined,
    tried: readonly CryptoKey[],
    trace: ExchangeTrace | null,
  ): MaybePromise<readonly CryptoKey[]>;
}

const NONE: readonly CryptoKey[] = Object.freeze([]);

/** Keys of the config itself. */
export class OwnKeys implements KeySource {
  readonly generation = 0;
  readonly goodUntil = Infinity;
  readonly #named: boolean;
  #keys: KeySet | Promise<KeySet>;

  /**
   * @param keys what is being imported
   * @param named whether a token's `kid` chooses among them; one key, or several secrets, are for every token
   */
  constructor(keys: Promise<KeySet>, named: boolean) {
    this.#named = named;
    this.#keys = keys.then((set) => this.#keys = set);
  }

  find(algorithm: JwtAlgorithm, kid: string | undefined): MaybePromise<readonly CryptoKey[]> {
    const keys = this.#keys, name = this.#named ? kid : undefined;
    return keys instanceof Promise
      ? keys.then((keys) => keys.candidates(algorithm, name))
      : keys.candidates(algorithm, name);
  }

  findOthers(): readonly CryptoKey[] {
    return NONE;
  }
}
