/** Frames that cost us more than their sender. @module */

import type { Sweep } from "../pace/sweep.ts";
import { ConnectionError } from "./connection_error.ts";
import { ErrorCode } from "./error_code.ts";

/**
 * Streams that a client may give up, or have us give up, at once beyond those it may have open, and how many more each
 * second. Whoever opens streams only to reset them makes us begin work that nobody waits for (CVE-2023-44487).
 */
const RESETS = 100, RESETS_PER_SECOND = 20;
/**
 * Frames that bring no request further, such as PING, SETTINGS, PRIORITY and empty DATA (CVE-2019-9512 to 9518): at once,
 * each second, and for each frame of content, since windows and pings go along with content.
 */
const IDLE_FRAMES = 1000, IDLE_FRAMES_PER_SECOND = 100, IDLE_FRAMES_PER_CONTENT = 4;

/** Something that is used up and comes back with time. */
class Allowance {
  readonly #most: number;
  readonly #perSecond: number;
  #left: number;
  #at: number;

  constructor(most: number, perSecond: number, now: number) {
    this.#most = this.#left = most;
    this.#perSecond = perSecond;
    this.#at = now;
  }

  earn(count: number): void {
    this.#left = Math.min(this.#most, this.#left + count);
  }

  /** @returns whether there was one left */
  spend(now: number): boolean {
    this.earn((now - this.#at) * this.#perSecond / 1000);
    this.#at = now;
    return --this.#left >= 0;
  }
}

/** Counts what a connection may do for nothing. */
export class AbuseGuard {
  readonly #sweep: Sweep;
  readonly #resets: Allowance;
  readonly #idle: Allowance;

  /** @param maxStreams streams that a client may have open */
  constructor(sweep: Sweep, maxStreams: number) {
    this.#sweep = sweep;
    this.#resets = new Allowance(RESETS + maxStreams, RESETS_PER_SECOND, sweep.time);
    this.#idle = new Allowance(IDLE_FRAMES, IDLE_FRAMES_PER_SECOND, sweep.time);
  }

  /** A stream ended before its time. @throws ConnectionError when that happens too often */
  reset(): void {
    if (!this.#resets.spend(this.#sweep.time)) {
      throw new ConnectionError(ErrorCode.EnhanceYourCalm, "too many streams are given up");
    }
  }

  /** A frame came that brings no request further. @throws ConnectionError when that happens too often */
  idle(): void {
    if (!this.#idle.spend(this.#sweep.time)) {
      throw new ConnectionError(ErrorCode.EnhanceYourCalm, "too many frames are of no use");
    }
  }

  /** A frame of content came or went. */
  content(): void {
    this.#idle.earn(IDLE_FRAMES_PER_CONTENT);
  }
}
