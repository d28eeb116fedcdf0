/** The connections of each client. @module */

/** Counts connections by their client's address, up to a limit. */
export class PerClient {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  /** @param most connections of one client; `null` for any number */
  constructor(most: number | null) {
    this.#most = most ?? Infinity;
  }

  /** Takes a place. @returns `false` when the client has as many as it may */
  enter(address: string): boolean {
    const count = this.#counts.get(address) ?? 0;
    if (count >= this.#most) return false;
    this.#counts.set(address, count + 1);
    return true;
  }

  /** Gives a place back. */
  leave(address: string): void {
    const count = this.#counts.get(address) ?? 0;
    if (count <= 1) this.#counts.delete(address);
    else this.#counts.set(address, count - 1);
  }
}
