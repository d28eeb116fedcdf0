/** How long a request's body is waited for. @module */

import { DataRate } from "../pace/data_rate.ts";
import type { Sweep } from "../pace/sweep.ts";

/** The time-out between two pieces, and the least rate. Time in which nobody waits for the client does not count. */
export class BodyWait {
  readonly #sweep: Sweep;
  readonly #timeout: number;
  readonly #rate: DataRate;
  /** The tick at which bytes that are waited for should have come. */
  #due = Infinity;

  /** @param timeout milliseconds between two pieces @param least bytes a second */
  constructor(sweep: Sweep, timeout: number, least: number) {
    this.#sweep = sweep;
    this.#timeout = timeout;
    this.#rate = new DataRate(least);
  }

  /** Bytes are waited for. */
  begin(): void {
    this.#due = this.#sweep.after(this.#timeout);
    this.#rate.wait(this.#sweep.time);
  }

  /** Bytes came. Whoever takes them may take long. */
  moved(count: number): void {
    this.#due = Infinity;
    this.#rate.moved(count, this.#sweep.time);
  }

  /** Nothing more is waited for. */
  over(): void {
    this.moved(0);
  }

  /** Whether the client takes too long, or sends too little. */
  tooLong(tick: number): boolean {
    return this.#due !== Infinity && (tick >= this.#due || this.#rate.tooSlow(this.#sweep.time));
  }
}
