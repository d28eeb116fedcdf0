/** Credentials that were found good, so that the costly check is not made for each request. @module */

/** What is remembered of one. */
interface Entry<T> {
  /** A text of its own. */
  readonly credential: string;
  readonly value: T;
  /** On the clock of `Exchange.startedAt`. */
  until: number;
}

/**
 * A map of bounded size in which what is used stays: two generations, of which the older is dropped when the younger is
 * full. A hit costs one look-up, or two and a move. Only good credentials belong here: bad ones could be made up without
 * end.
 *
 * It holds the credentials themselves, as the requests do that carry them, and nothing else of those.
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
    this.#put(old);
    return old.value;
  }

  /** Whether it was good when it was last checked, be its time over since. */
  knew(credential: string): boolean {
    return this.#young.has(credential) || this.#old.has(credential);
  }

  /** @param until when it is to be checked anew, on the clock of {@link get}'s `now` */
  set(credential: string, value: T, until: number): void {
    if (this.#half > 0) this.#put({ credential: ownText(credential), value, until });
  }

  /** It is good no longer. */
  forget(credential: string): void {
    this.#young.delete(credential);
    this.#old.delete(credential);
  }

  /** All are to be checked anew: some were withdrawn. */
  expire(): void {
    for (const entry of this.#young.values()) entry.until = -Infinity;
    for (const entry of this.#old.values()) entry.until = -Infinity;
  }

  #put(entry: Entry<T>): void {
    this.#young.set(entry.credential, entry);
    if (this.#young.size < this.#half) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

/**
 * The text by itself: as a part of a request's head, which is how it comes, it would keep the whole head in memory.
 * Joining makes a new text, and taking a part of it makes V8 write it out.
 */
function ownText(text: string): string {
  return ` ${text}`.slice(1);
}
