/** Chance that is the same in every run. @module */

import type { Random } from "../../../src/core/random.ts";

/** Numbers from a seed: a counter through the finaliser of MurmurHash3. */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b9);
  const bits = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  return () => bits() / 2 ** 32;
}
