/** What generators make. @module */

/** One generated message. */
export interface Input {
  /** The bytes, one character each. */
  readonly text: string;
  /** The method of the request that this answers, or `""` where it is no answer. */
  readonly method: string;
  /** What is odd about it: names of mutations and of unusual choices, for grouping. Empty for a plain message. */
  readonly oddities: readonly string[];
}
