/** Members of lists in fields: what stands between commas, without the white space around it. @module */

const SPACE = 0x20, TAB = 0x09;

/** Where the member that begins at `start` ends: at its comma, or at the text's end. */
export function memberEnd(text: string, start: number): number {
  const comma = text.indexOf(",", start);
  return comma < 0 ? text.length : comma;
}

/** The first place from `i` on, `end` at the latest, that is neither space nor tab. */
export function skipBlanks(text: string, i: number, end: number): number {
  while (i < end && isBlank(text.charCodeAt(i))) i++;
  return i;
}

/** The last place from `end` down, `start` at the least, with neither space nor tab before it. */
export function skipBlanksBack(text: string, start: number, end: number): number {
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return end;
}

/** All members that are not empty. */
export function members(text: string): string[] {
  const all: string[] = [];
  for (let start = 0, end: number; start <= text.length; start = end + 1) {
    end = memberEnd(text, start);
    const first = skipBlanks(text, start, end);
    if (first < end) all.push(text.slice(first, skipBlanksBack(text, first, end)));
  }
  return all;
}

/** A table by character code, with 1 for each of these. */
export function charTable(chars: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const char of chars) table[char.charCodeAt(0)] = 1;
  return table;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
