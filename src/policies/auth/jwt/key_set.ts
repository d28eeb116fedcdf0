/** Keys at hand, each ready to check signatures of one algorithm. @module */

import { importJWK } from "jose";
import type { JwtAlgorithm } from "./algorithms.ts";
import type { PublicKey } from "./public_key.ts";

/** Keys that are tried for a token that does not say which one it means: each costs a check. */
const MOST_TRIED = 4;

/** A key that was imported for one algorithm. */
export interface ImportedKey {
  readonly algorithm: JwtAlgorithm;
  /** `undefined`: the key of a token is never named by it. */
  readonly kid: string | undefined;
  readonly key: CryptoKey;
}

/** Finds keys by `alg` and `kid`. */
export class KeySet {
  readonly #keys: ReadonlyMap<string, ImportedKey>;

  /** @param keys by what tells them apart */
  constructor(keys: ReadonlyMap<string, ImportedKey>) {
    this.#keys = keys;
  }

  /**
   * Imports public keys; those that were there `before` stay the same objects. Those that are no keys after all are told
   * to `unusable`.
   */
  static async of(keys: readonly PublicKey[], unusable: () => void, before = new KeySet(new Map())): Promise<KeySet> {
    const imported = new Map<string, ImportedKey>();
    for (const { jwk, kid, algorithms } of keys) {
      try {
        for (const algorithm of algorithms) {
          const id = JSON.stringify([algorithm, kid, jwk]), known = before.#keys.get(id);
          imported.set(id, known ?? { algorithm, kid, key: await importJWK(jwk, algorithm) as CryptoKey });
        }
      } catch {
        unusable();
      }
    }
    return new KeySet(imported);
  }

  /** Whether there is none. */
  get empty(): boolean {
    return this.#keys.size === 0;
  }

  /** Whether a key has this name. */
  has(kid: string): boolean {
    return this.#keys.values().some((key) => key.kid === kid);
  }

  /** Whether all of these keys are in `other`. */
  isWithin(other: KeySet): boolean {
    return this.#keys.keys().every((id) => other.#keys.has(id));
  }

  /** The keys that may have signed: of this name, where the token has one. */
  candidates(algorithm: JwtAlgorithm, kid: string | undefined): readonly CryptoKey[] {
    const fits = (key: ImportedKey) => key.algorithm === algorithm && (kid === undefined || key.kid === kid);
    return this.#keys.values().filter(fits).take(MOST_TRIED).map(({ key }) => key).toArray();
  }
}
