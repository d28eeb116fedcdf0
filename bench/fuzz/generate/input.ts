/** What generators make, and where it is cut into the pieces in which it arrives. @module */

import type { Xorshift } from "./xorshift.ts";

/** One generated message. */
export interface Input {
  /** The bytes, one character each. */
  readonly text: string;
  /** The method of the request that this answers, or `""` where it is no answer. */
  readonly method: string;
  /** What is odd about it: names of mutations and of unusual choices, for grouping. Empty for a plain message. */
  readonly oddities: readonly string[];
}

/** Up to four places in ascending order; once in eight times, every place. */
export function cutsOf(random: Xorshift, text: string): number[] {
  if (random.oneIn(8) && text.length < 400) return Array.from({ length: text.length }, (_, at) => at + 1);
  return random.times(1, 4, () => random.below(text.length + 1)).sort((a, b) => a - b);
}

/** For messages: where the input was cut. */
export function describeCuts(cuts: readonly number[]): string {
  return cuts.length === 0 ? "in one piece" : `cut at ${cuts.join(", ")}`;
}
