/** Which request fields tell the answers for one URL apart (RFC 9111 §4.1). @module */

import type { HeaderList } from "../../../core/header_list.ts";
import { isToken } from "../../../http/token.ts";
import { withoutBlanks } from "../../../http/without_blanks.ts";
import type { NormalForms } from "./normal_forms.ts";

/**
 * The request fields that `Vary` names, in lower case, sorted, each once; empty where there is no such field.
 *
 * @param fields of the answer, `[name, value, …]`, names in lower case
 * @returns `null` where no later request may have the answer: for `*`, and for what is no field name, as nobody can tell what it meant
 */
export function varyNames(fields: readonly string[]): readonly string[] | null {
  let names: Set<string> | null = null;
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i] !== "vary") continue;
    for (const member of fields[i + 1].split(",")) {
      const name = withoutBlanks(member).toLowerCase();
      if (name === "") continue;
      if (name === "*" || !isToken(name)) return null;
      (names ??= new Set()).add(name);
    }
  }
  return names === null ? [] : [...names].sort();
}

/**
 * A text that two requests share when their fields of these names mean the same, and only then: white space around the
 * members of lists, lines of their own and, where a field's definition allows it, case and order make no difference. A
 * field that is not there differs from an empty one.
 *
 * Weights choose nothing here: of an answer that was made for other wishes nobody can say what it would be for these, be
 * it in the language that is wanted most, and RFC 9111 §4.1 forbids it.
 *
 * It tells requests apart for one list of names; texts for two lists are not to be compared.
 *
 * @param names as {@link varyNames} gives them
 */
export function selectingText(names: readonly string[], headers: HeaderList, forms: NormalForms): string {
  let text = "";
  for (let i = 0; i < names.length; i++) {
    const name = names[i], value = headers.get(name);
    // No field value has a line feed, so that none looks like the beginning of the next.
    text += value === null ? "\n" : "\n=" + forms.of(name, value);
  }
  return text;
}
