/** What balancers keep for an array of endpoints. @module */

import type { Endpoint } from "../endpoint.ts";

/**
 * What is worked out once for an array of endpoints and holds for as long as that array comes again. An array that is
 * seen for the first time may be a retry's, which never comes again: it is worth no preparation yet.
 */
export class Prepared<T extends object> {
  readonly #prepare: (eligible: readonly Endpoint[]) => T;
  /** Arrays that came once. Weak: most of them are a retry's. */
  readonly #seen = new WeakSet<readonly Endpoint[]>();
  #array: readonly Endpoint[] | null = null;
  #value: T | null = null;

  constructor(prepare: (eligible: readonly Endpoint[]) => T) {
    this.#prepare = prepare;
  }

  /** What was prepared last, for whichever array. */
  get last(): T | null {
    return this.#value;
  }

  /** What is prepared for this array; `null` where the array is new. */
  of(eligible: readonly Endpoint[]): T | null {
    if (eligible === this.#array) return this.#value;
    if (this.#seen.has(eligible)) return this.make(eligible);
    this.#seen.add(eligible);
    return null;
  }

  /** Prepares for this array, new or not. */
  make(eligible: readonly Endpoint[]): T {
    const value = this.#prepare(eligible);
    this.#array = eligible;
    this.#value = value;
    return value;
  }
}
