/** Credentials that were found good, so that the costly check is not made for each request. @module */

/** What is remembered of one. */
interface Entry<T> {
  readonly value: T;
  /** On the clock of `Exchange.startedAt`. */
  readonly until: number;
}

/**
 * A map of bounded size in which what is used stays: two generations, of which the older is dropped when the younger is
 * full. A hit costs one look-up, or two and a move. Only good credentials belong here: bad ones could be made up without
 * end.
 *
 * It holds the credentials themselves, as the requests do that carry them.
 */
export class VerifiedCache<T> {
  readonly #half: number;
  #young = new Map<string, Entry<T>>();
  #old = new Map<string, Entry<T>>();

  /** @param most how many are remembered, about; 0: none */
  constructor(most: number) {
    this.#half = Math.ceil(most / 2);
  }

  /** @param now the clock's milliseconds: `exchange.startedAt` is good enough, and free */
  get(credential: string, now: number): T | undefined {
    const young = this.#young.get(credential);
    if (young !== undefined) return young.until > now ? young.value : undefined;
    const old = this.#old.get(credential);
    if (old === undefined || old.until <= now) return undefined;
    this.#put(credential, old);
    return old.value;
  }

  /** @param until when it is to be checked anew, on the clock of {@link get}'s `now` */
  set(credential: string, value: T, until: number): void {
    if (this.#half > 0) this.#put(credential, { value, until });
  }

  /** Forgets all: keys were withdrawn. */
  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }

  #put(credential: string, entry: Entry<T>): void {
    this.#young.set(credential, entry);
    if (this.#young.size < this.#half) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
