/** What has turned out not to be kept. @module */

/** Milliseconds that it is remembered for: Varnish's hit-for-miss, with less trust. */
const REMEMBERED = 60_000;
/** Longer ones, which strangers can make, are not remembered. */
const LONGEST = 1_000;
/** How many are; then the oldest go. */
const MOST = 10_000;

interface Remembered {
  readonly until: number;
  readonly tooLarge: boolean;
}

/**
 * Remembers requests whose answers are nobody else's, so that they are not made to wait for one another, and a client that
 * leaves takes its request along.
 */
export class Uncacheable {
  readonly #byId = new Map<string, Remembered>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  has(id: string): boolean {
    return this.#find(id) !== undefined;
  }

  /** Whether its answers were longer than what is kept: then as much is not held of the next to see it again. */
  isTooLarge(id: string): boolean {
    return this.#find(id)?.tooLarge === true;
  }

  add(id: string, tooLarge: boolean): void {
    if (id.length > LONGEST) return;
    this.#byId.delete(id);
    this.#byId.set(id, { until: this.#now() + REMEMBERED, tooLarge });
    if (this.#byId.size <= MOST) return;
    for (const oldest of this.#byId.keys()) {
      this.#byId.delete(oldest);
      break;
    }
  }

  /** Its answers can be kept after all. */
  delete(id: string): void {
    this.#byId.delete(id);
  }

  #find(id: string): Remembered | undefined {
    const remembered = this.#byId.get(id);
    if (remembered === undefined || this.#now() < remembered.until) return remembered;
    this.#byId.delete(id);
    return undefined;
  }
}
