/** Fields that speak to certain caches only, such as `CDN-Cache-Control` (RFC 9213). @module */

import { type MemberValue, readDictionary } from "./dictionary.ts";
import type { Directive } from "./directive_list.ts";
import { directivesOf, type ResponseDirectives } from "./response_directives.ts";

/**
 * Reads the combined value of a targeted field: a dictionary, in which a later member counts instead of an earlier one
 * and each directive has a type (RFC 9213 §2.1).
 *
 * @returns `null` where it is empty or breaks the grammar, which is as if it were not there
 */
export function targetedDirectives(value: string): ResponseDirectives | null {
  const members = readDictionary(value);
  if (members === null || members.size === 0) return null;
  const directives: Directive[] = [];
  for (const [name, { type, text }] of members) {
    // `no-store=?0` is no `no-store`.
    if (type !== "boolean" || text === "1") directives.push(directive(name, type, text));
  }
  return directivesOf(directives);
}

/** Times are integers, names of fields strings, and all else is `true`: another type permits nothing. */
function directive(name: string, type: MemberValue["type"], text: string): Directive {
  if (type === "boolean") return { name, argument: null, quoted: false, sound: true };
  const fits = type === "integer" || (type === "string" && (name === "no-cache" || name === "private"));
  if (!fits) return { name, argument: null, quoted: false, sound: false };
  return { name, argument: text, quoted: type === "string", sound: true };
}
