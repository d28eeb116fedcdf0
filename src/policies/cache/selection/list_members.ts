/** Members of a field that may be a list (RFC 9110 §5.6.1). @module */

import { withoutBlanks } from "../../../http/without_blanks.ts";

const COMMA = 0x2c, QUOTE = 0x22, BACKSLASH = 0x5c;

/**
 * The value, cut at each comma that stands in no quoted string, without the white space around the members. Empty members
 * stay: who knows what they mean to the field. Behind a quote that is never closed nothing is cut.
 */
export function listMembers(value: string): string[] {
  const members: string[] = [];
  let start = 0, quoted = false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === QUOTE) quoted = !quoted;
    else if (quoted && code === BACKSLASH) i++;
    else if (!quoted && code === COMMA) {
      members.push(withoutBlanks(value, start, i));
      start = i + 1;
    }
  }
  members.push(withoutBlanks(value, start));
  return members;
}
