/** How often each of a few words was heard. @module */

/** More words than we have: beyond it somebody makes them up. */
const MOST = 200;
/** Where the words beyond are counted. */
const OTHER = "_other";

/** Counts by word. The number of words is bounded, as each of them is a time series. */
export class Tally {
  readonly #counts = new Map<string, { count: number }>();

  /** Counts the word once more. */
  add(word: string): void {
    const counted = this.#counts.get(word);
    if (counted !== undefined) counted.count++;
    else this.#first(this.#counts.size < MOST ? word : OTHER);
  }

  /** Words and their counts, in the order in which they were first heard. */
  *[Symbol.iterator](): Iterator<[word: string, count: number]> {
    for (const [word, { count }] of this.#counts) yield [word, count];
  }

  #first(word: string): void {
    const counted = this.#counts.get(word);
    if (counted !== undefined) counted.count++;
    else this.#counts.set(word, { count: 1 });
  }
}
