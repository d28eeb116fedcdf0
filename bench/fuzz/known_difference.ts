/** Differences between parsers that somebody has looked at. @module */

/** A kind of difference that is counted and no fault. */
export interface KnownDifference {
  /** What we do, and why. */
  readonly why: string;
  /** How the difference is told. */
  readonly message: RegExp;
  /** What the input must have beside. */
  readonly input: RegExp;
}

/** Why a difference on an input is no fault, or `null`. What is not on the list is a fault until somebody has looked. */
export function knownDifference(list: readonly KnownDifference[], message: string, text: string): string | null {
  return list.find((known) => known.message.test(message) && known.input.test(text))?.why ?? null;
}
