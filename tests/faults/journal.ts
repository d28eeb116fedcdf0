/** What reached the endpoints of a run. @module */

import type { Asked } from "./asked.ts";

/** Counts arrivals by request, over both endpoints. */
export class Journal {
  readonly #arrivals = new Map<number, number>();
  #mangled = 0;

  /** A request's head has come to an endpoint: from here on an application may act on it. */
  arrived({ id }: Asked): void {
    this.#arrivals.set(id, this.arrivals(id) + 1);
  }

  /** A body has come that is not the one its client sent. */
  bodyWrong(): void {
    this.#mangled++;
  }

  /** How often a request came to an endpoint. */
  arrivals(id: number): number {
    return this.#arrivals.get(id) ?? 0;
  }

  /** Bodies that came whole by their framing, and were not what was sent. */
  get mangled(): number {
    return this.#mangled;
  }
}
