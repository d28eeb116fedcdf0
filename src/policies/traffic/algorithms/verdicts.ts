/** The two ways in which an algorithm can decide. @module */

import type { Verdict } from "../../../core/limit.ts";

/**
 * A class, as V8 makes objects of one quickly whatever kinds of numbers they hold; literals with a constant among their
 * members it makes four times as slowly once one of the others was no small integer.
 */
class Decided implements Verdict {
  constructor(
    readonly admitted: boolean,
    readonly remaining: number,
    readonly resetAfter: number,
    readonly retryAfter: number,
    readonly delay: number,
  ) {}
}

/** It may pass, after `delay`. */
export function admitted(remaining: number, resetAfter: number, delay = 0): Verdict {
  return new Decided(true, remaining, resetAfter, 0, delay);
}

/** It may not; in `retryAfter` it could. */
export function refused(remaining: number, resetAfter: number, retryAfter: number): Verdict {
  return new Decided(false, remaining, resetAfter, retryAfter, 0);
}
