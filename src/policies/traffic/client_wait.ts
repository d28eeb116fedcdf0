/** Time that passes while a client waits. @module */

import type { Cancel, Clock } from "../../core/clock.ts";
import type { Abandonable } from "../../core/exchange.ts";

/** Begins when it is made, and ends when its time has passed or when it is abandoned. */
export class ClientWait implements Abandonable {
  /** Resolves at the end, whichever it is. */
  readonly over: Promise<void>;
  readonly #end: () => void;
  readonly #cancel: Cancel;
  #abandoned = false;

  /** @param ms how long, to the millisecond: what waits here is seen from outside, and a wheel's tick would show */
  constructor(clock: Clock, ms: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.#end = resolve;
    this.#cancel = clock.after(ms, resolve);
  }

  /** Whether nobody waits any more. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  abandon(): void {
    this.#abandoned = true;
    this.#cancel();
    this.#end();
  }
}
