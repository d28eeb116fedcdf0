/** What is wrong with a pattern, a rewrite, a host or a match, as data. @module */

/** Both texts are ready to stand in a config issue. */
export interface PatternError {
  /** What is wrong, as a sentence without the place. */
  readonly message: string;
  /** What to write instead. */
  readonly remedy: string;
}

/** Whether a parser gave an error instead of its result. */
export function isPatternError(result: object): result is PatternError {
  return "message" in result && "remedy" in result;
}
