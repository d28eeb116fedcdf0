/** The way of an endpoint to its full share. @module */

/** Share of its weight that an endpoint begins with. */
const FIRST_SHARE = 0.1;

/** A share that grows as the time passes: half of it after half the time, but never below a tenth. */
export class SlowStart {
  readonly #duration: number;
  #since: number | null = null;

  /** @param duration milliseconds; 0: the share is always the whole */
  constructor(duration: number) {
    this.#duration = duration;
  }

  /** Whether the share still grows. */
  get under(): boolean {
    return this.#since !== null;
  }

  /** The endpoint is back, or new. */
  begin(now: number): void {
    if (this.#duration > 0) this.#since = now;
  }

  /** The share now, from 0.1 to 1. */
  share(now: number): number {
    if (this.#since === null) return 1;
    const grown = (now - this.#since) / this.#duration;
    if (grown >= 1) this.#since = null;
    return grown >= 1 ? 1 : Math.max(FIRST_SHARE, grown);
  }
}
