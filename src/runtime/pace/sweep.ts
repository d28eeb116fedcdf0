/** One look at every connection, ten times a second. @module */

import type { Cancel, Clock } from "../../core/clock.ts";

/** Milliseconds between two looks: how late a time-out can be. */
const SWEEP_MS = 100;

/** What the sweep looks at. */
export interface Swept {
  /** Called on each tick. */
  look(tick: number): void;
}

/**
 * Time in ticks. Connections note until when they wait and are asked now and then whether that is over: setting a
 * time-out costs one addition, where a timer for each would cost more than the request.
 */
export class Sweep {
  /** Ticks so far; stands still while there is nothing to look at. */
  tick = 0;
  /** The time for `Date` (RFC 9110 §5.6.7), true to the second. */
  date = "";
  readonly #clock: Clock;
  readonly #swept = new Set<Swept>();
  #second = -1;
  #stop: Cancel | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The tick by which `ms` have passed for sure. */
  after(ms: number): number {
    return this.tick + Math.ceil(ms / SWEEP_MS) + 1;
  }

  /** The ticks in milliseconds: a coarse clock for what lasts seconds. */
  get time(): number {
    return this.tick * SWEEP_MS;
  }

  add(swept: Swept): void {
    this.#swept.add(swept);
    if (this.#stop !== null) return;
    this.#tellTime();
    this.#stop = this.#clock.every(SWEEP_MS, () => this.#turn());
  }

  remove(swept: Swept): void {
    this.#swept.delete(swept);
    if (this.#swept.size > 0) return;
    this.#stop?.();
    this.#stop = null;
  }

  #turn(): void {
    this.tick++;
    this.#tellTime();
    for (const swept of this.#swept) swept.look(this.tick);
  }

  #tellTime(): void {
    const now = this.#clock.wall(), second = Math.floor(now / 1000);
    if (second === this.#second) return;
    this.#second = second;
    this.date = new Date(now).toUTCString();
  }
}
