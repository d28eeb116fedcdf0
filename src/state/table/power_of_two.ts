/** Sizes of tables. @module */

/** The least power of two that is not below `number`. */
export function powerOfTwo(number: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, number)));
}
