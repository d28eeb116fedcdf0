/** A template taken apart, for those who encode what they insert. @module */

import { type KeyReader, parseKey } from "../core/key.ts";

/** A template's literals and keys by turns: `literals[0] keys[0] literals[1] … literals[n]`. */
export interface TemplateParts {
  /** One more than there are keys; `{{` has become `{`. */
  readonly literals: readonly string[];
  readonly keys: readonly string[];
  /** Of each key. */
  readonly readers: readonly KeyReader[];
}

/**
 * Takes a template apart.
 *
 * @param text a text that `parseTemplate` accepts
 * @throws TypeError for one that it does not
 */
export function templateParts(text: string): TemplateParts {
  const literals = [""], keys: string[] = [], readers: KeyReader[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{\{|\{([^}]*)\}/g)) {
    literals[keys.length] += text.slice(from, match.index) + (match[1] === undefined ? "{" : "");
    from = match.index + match[0].length;
    if (match[1] === undefined) continue;
    const reader = parseKey(match[1]);
    if (reader === undefined) throw new TypeError(`"${match[0]}" is not a key`);
    keys.push(match[1]);
    readers.push(reader);
    literals.push("");
  }
  literals[keys.length] += text.slice(from);
  return { literals, keys, readers };
}
