/** A clock whose event loop is as late as a test says. @module */

import type { Cancel, Clock } from "../../../../src/core/clock.ts";

/** Keeps the one timer that repeats, and fires it late. */
export class LateClock implements Clock {
  #now = 0;
  #repeat: { readonly ms: number; readonly run: () => void } | null = null;

  /** Whether there is a timer. */
  get watched(): boolean {
    return this.#repeat !== null;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now;
  }

  after(): Cancel {
    throw new Error("nothing here waits once");
  }

  every(ms: number, run: () => void): Cancel {
    if (this.#repeat !== null) throw new Error("there is a timer already");
    this.#repeat = { ms, run };
    return () => this.#repeat = null;
  }

  /** The timer fires so many milliseconds later than it should. */
  look(late: number): void {
    const { ms, run } = this.#repeat!;
    this.#now += ms + late;
    run();
  }
}
