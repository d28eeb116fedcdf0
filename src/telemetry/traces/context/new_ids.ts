/** Ids for traces that begin here, and for work in any trace. @module */

import type { Random } from "../../../core/random.ts";

const WORD = 2 ** 32;

const DIGITS: Uint8Array = new TextEncoder().encode("0123456789abcdef");

/** 32 hexadecimal digits, all of them random. */
export function newTraceId(random: Random): string {
  return newSpanId(random) + newSpanId(random);
}

/** 16 hexadecimal digits, all of them random. */
export function newSpanId(random: Random): string {
  const a = (random() * WORD) | 0;
  // No id is all zero.
  const b = (random() * WORD) | 0 || 1;
  // One flat string: a sum of shorter ones takes more memory, and time when it is written.
  return String.fromCharCode(
    DIGITS[a >>> 28],
    DIGITS[(a >>> 24) & 15],
    DIGITS[(a >>> 20) & 15],
    DIGITS[(a >>> 16) & 15],
    DIGITS[(a >>> 12) & 15],
    DIGITS[(a >>> 8) & 15],
    DIGITS[(a >>> 4) & 15],
    DIGITS[a & 15],
    DIGITS[b >>> 28],
    DIGITS[(b >>> 24) & 15],
    DIGITS[(b >>> 20) & 15],
    DIGITS[(b >>> 16) & 15],
    DIGITS[(b >>> 12) & 15],
    DIGITS[(b >>> 8) & 15],
    DIGITS[(b >>> 4) & 15],
    DIGITS[b & 15],
  );
}
