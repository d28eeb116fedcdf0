/** Work upstream that goes on without its client. @module */

import type { Abandonable } from "../core/exchange.ts";
import type { Waiting } from "../transport/transport.ts";

/** Waits in the place of clients and never leaves, until the gateway has stopped: then nothing is left to end by itself. */
export class UnattendedWork implements Waiting {
  readonly #work = new Set<Abandonable>();
  #closed = false;

  get aborted(): boolean {
    return this.#closed;
  }

  /** Pieces of work under way. */
  get size(): number {
    return this.#work.size;
  }

  onAbort(work: Abandonable): void {
    if (this.#closed) work.abandon();
    else this.#work.add(work);
  }

  offAbort(work: Abandonable): void {
    this.#work.delete(work);
  }

  /** Gives up whatever is still under way. */
  close(): void {
    this.#closed = true;
    for (const work of [...this.#work]) work.abandon();
    this.#work.clear();
  }
}
