/** Weighted choice at the cost of one look. @module */

/**
 * Vose's alias method: as many boxes as items, each shared by at most two of them, so that one number picks both the
 * box and the item in it. (M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", 1991)
 */
export class AliasTable {
  /** How much of each box is its own item's. */
  readonly #own: Float64Array;
  /** Whose the rest of each box is. */
  readonly #other: Uint32Array;

  /** @param weights at least one; above 0 */
  constructor(weights: readonly number[]) {
    const count = weights.length, total = weights.reduce((sum, weight) => sum + weight, 0);
    const left = Float64Array.from(weights, (weight) => weight * count / total);
    const small: number[] = [], large: number[] = [];
    this.#own = new Float64Array(count).fill(1);
    this.#other = Uint32Array.from(weights.keys());
    for (let i = 0; i < count; i++) (left[i] < 1 ? small : large).push(i);
    for (let giver = large.pop(); giver !== undefined;) {
      const taker = small.pop();
      // What is left over on either side is a full box, but for rounding.
      if (taker === undefined) break;
      this.#own[taker] = left[taker];
      this.#other[taker] = giver;
      left[giver] -= 1 - left[taker];
      if (left[giver] >= 1) continue;
      small.push(giver);
      giver = large.pop();
    }
  }

  /** @param chance from 0 (included) to 1 (excluded) */
  at(chance: number): number {
    const spot = chance * this.#own.length, box = Math.floor(spot);
    return spot - box < this.#own[box] ? box : this.#other[box];
  }
}
