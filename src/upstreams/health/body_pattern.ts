/** What a probe looks for in a body. @module */

/**
 * Makes the pattern of a body. It may match anywhere, and `^` and `$` are the ends of the text.
 * @throws SyntaxError for a source that is no regular expression
 */
export function bodyPattern(source: string): RegExp {
  return new RegExp(source, "u");
}
