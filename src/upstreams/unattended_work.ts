/** Work upstream that goes on without its client. @module */

import type { BuildEnv } from "../core/build_env.ts";
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

/**
 * The one of the process. Asked for by every hop, so that a plan whose last route with unattended work is gone still
 * finishes what was begun.
 */
export function unattendedWork(env: Pick<BuildEnv, "state">): UnattendedWork {
  return env.state("upstreams/unattended", null, () => new UnattendedWork());
}
