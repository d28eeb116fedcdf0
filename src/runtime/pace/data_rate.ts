/** Whether a peer keeps up. @module */

/** Milliseconds of waiting before the rate counts: connections start slowly, and shorter silences are for time-outs. */
const GRACE_MS = 30_000;

/**
 * Bytes against the time that was spent waiting for the peer: time in which the gateway itself holds the peer back does
 * not count. What cannot be caught by a time-out between two bytes is a peer that sends, or takes, a byte now and then.
 */
export class DataRate {
  readonly #least: number;
  #bytes = 0;
  #waited = 0;
  #since = -1;

  /** @param least bytes a second; 0 for any rate */
  constructor(least: number) {
    this.#least = least;
  }

  /** Waiting for the peer starts. @param now any clock in milliseconds */
  wait(now: number): void {
    this.#since = now;
  }

  /** The peer moved bytes, and waiting is over. */
  moved(bytes: number, now: number): void {
    this.#bytes += bytes;
    if (this.#since >= 0) this.#waited += now - this.#since;
    this.#since = -1;
  }

  /** Whether the peer has been too slow for long enough. */
  tooSlow(now: number): boolean {
    const waited = this.#waited + (this.#since < 0 ? 0 : now - this.#since);
    return this.#least > 0 && waited > GRACE_MS && this.#bytes * 1000 < this.#least * waited;
  }
}
