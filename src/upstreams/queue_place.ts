/** A place in the line before an upstream. @module */

import type { Deadline, TimerWheel } from "../core/timer_wheel.ts";
import type { UpstreamLoad, Waiter } from "./upstream_load.ts";

/** Waits until there is room, or for as long as it may. */
export class QueuePlace {
  readonly #load: UpstreamLoad;
  readonly #waiter: Waiter;
  readonly #deadline: Deadline;

  /** @param limit milliseconds to wait @param onLate told when they are over */
  constructor(load: UpstreamLoad, waiter: Waiter, deadlines: TimerWheel, limit: number, onLate: () => void) {
    this.#load = load;
    this.#waiter = waiter;
    this.#deadline = deadlines.after(limit, () => {
      load.leave(waiter);
      onLate();
      load.admit();
    });
    load.wait(waiter);
  }

  leave(): void {
    this.#deadline.cancel();
    this.#load.leave(this.#waiter);
  }
}
