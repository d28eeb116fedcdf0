/** What is under way upstream for a cache. @module */

import type { Fill } from "./fill.ts";

/** An answer on its way into the cache. */
export interface UnderWay {
  /** Text of its URL. */
  readonly key: string;
  /** Whether it is older than an order to take such answers out: then it is given, and not kept. */
  outdated: boolean;
  /** The cache is closed: who waits for it gets it, and when nobody does it is given up. */
  abandon(): void;
}

/** Knows all of it, and what others who want the same can wait for. */
export class Fills {
  readonly #byId = new Map<string, Fill>();
  readonly #ids = new Map<UnderWay, string[]>();

  /** How many answers are on their way. */
  get size(): number {
    return this.#ids.size;
  }

  /** What requests of this id can wait for. */
  get(id: string): Fill | undefined {
    return this.#byId.get(id);
  }

  /** It has begun. */
  add(one: UnderWay): void {
    this.#ids.set(one, []);
  }

  /** Others may wait for it, as long as it is on its way and not outdated, and rather than for an earlier one. */
  share(id: string, fill: Fill): void {
    const ids = this.#ids.get(fill);
    if (ids === undefined || fill.outdated) return;
    ids.push(id);
    this.#byId.set(id, fill);
  }

  /** It is kept, or will not be. */
  remove(one: UnderWay): void {
    const ids = this.#ids.get(one);
    if (ids === undefined) return;
    this.#ids.delete(one);
    for (const id of ids) if (this.#byId.get(id) === one) this.#byId.delete(id);
  }

  /** What is on its way is older than an order to take such answers out. */
  outdate(concerned: (key: string) => boolean): void {
    for (const one of this.#ids.keys()) if (concerned(one.key)) one.outdated = true;
    // Who asks from now on must not get the older answer either.
    for (const [id, fill] of this.#byId) if (fill.outdated) this.#byId.delete(id);
  }

  close(): void {
    for (const one of [...this.#ids.keys()]) one.abandon();
    this.#ids.clear();
    this.#byId.clear();
  }
}
