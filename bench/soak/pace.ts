/** How fast clients begin. @module */

/** Least and most milliseconds between two beginnings, and the one to begin with. */
const LEAST = 0.05, MOST = 200, FIRST = 20;
/** How far one look may change it. */
const STEP = 1.4;
/** Milliseconds of lost time that are made up for. */
const CATCH_UP = 50;

/** Gives turns at even distances, and finds the distance at which the gateway is as busy as it should be. */
export class Pace {
  #interval = FIRST;
  #next = performance.now();

  /** Resolves when it is time to begin. */
  async turn(): Promise<void> {
    const now = performance.now(), at = Math.max(this.#next, now - CATCH_UP);
    this.#next = at + this.#interval;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  }

  /** Goes faster or slower. @param busy how busy the gateway's core was, from 0 to 1 @param wanted how busy it should be */
  adjust(busy: number, wanted: number): void {
    const factor = Math.min(STEP, Math.max(1 / STEP, busy / wanted));
    this.#interval = Math.min(MOST, Math.max(LEAST, this.#interval * factor));
  }
}
