/** The parameters of a content type or a content disposition, read strictly. @module */

import { withoutBlanks } from "../../http/without_blanks.ts";

/** One `;` with `token=token`, `token="…"` or nothing behind it (RFC 9110 §5.6.6). A quote may not be escaped. */
const PARAMETER =
  /;[ \t]*(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)|"((?:[^"\\]|\\(?!"))*)"))?[ \t]*/y;

/** What stands before the parameters, in lower case, and they by their names in lower case. */
export interface Parametrised {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads `value; name=value; …`.
 *
 * @param known names in lower case; there may be no others
 * @returns `null` where the text breaks the grammar, has a name twice, or has what some do not read as it stands here:
 * escaped quotes (PHP and browsers see another end), or quoted text that looks like a further parameter
 */
export function readParametrised(text: string, known: readonly string[]): Parametrised | null {
  const start = text.indexOf(";"), parameters = new Map<string, string>();
  const value = withoutBlanks(text, 0, start < 0 ? text.length : start).toLowerCase();
  for (let at = start < 0 ? text.length : start; at < text.length;) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    if (match === null) return null;
    at += match[0].length;
    const name = match[1]?.toLowerCase(), quoted = match[3];
    if (name === undefined) continue;
    if (!known.includes(name) || parameters.has(name) || isLikeParameter(quoted ?? "")) return null;
    parameters.set(name, match[2] ?? quoted);
  }
  return { value, parameters };
}

/** What careless readers, who do not see the quotes, take for a parameter. */
function isLikeParameter(quoted: string): boolean {
  const start = quoted.indexOf(";");
  return start >= 0 && quoted.includes("=", start);
}
