/** Times in whole seconds (RFC 9111 §1.2.2). @module */

/** What stands for every greater number: over 68 years, in milliseconds. */
export const LONGEST = 2_147_483_648_000;

const DIGITS = /^[0-9]+$/;

/** Milliseconds; `null` for what is not a number in digits only. */
export function parseDeltaSeconds(text: string): number | null {
  return DIGITS.test(text) ? Math.min(Number(text) * 1000, LONGEST) : null;
}
