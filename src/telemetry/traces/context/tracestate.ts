/** The field `tracestate` (W3C Trace Context, level 2, §3.3). @module */

import { charTable, memberEnd, members, skipBlanks, skipBlanksBack } from "./list_members.ts";

const MAX_MEMBERS = 32, MAX_KEY = 256, MAX_VALUE = 256;

const COMMA = 0x2c, EQUALS = 0x3d, SPACE = 0x20, TILDE = 0x7e;

/** What a key begins with, and what it goes on with. */
const KEY_FIRST = charTable("abcdefghijklmnopqrstuvwxyz0123456789");
const KEY = charTable("abcdefghijklmnopqrstuvwxyz0123456789_-*/@");

/**
 * The field's combined value as it may go on, empty where it is not valid: then nothing of it is used. What is valid goes on
 * as it came, but for empty members: they say nothing, and could make the list too long for others.
 */
export function readTracestate(text: string): string {
  let count = 0, gaps = false;
  for (let start = 0, end: number; start <= text.length; start = end + 1) {
    end = memberEnd(text, start);
    const first = skipBlanks(text, start, end);
    if (first === end) gaps = true;
    else if (++count > MAX_MEMBERS || !isMember(text, first, skipBlanksBack(text, first, end))) return "";
  }
  return gaps ? members(text).join(",") : text;
}

/** Whether `text[start, end)` is `key=value`. There is no white space around it. */
function isMember(text: string, start: number, end: number): boolean {
  if (KEY_FIRST[text.charCodeAt(start)] !== 1) return false;
  let i = start + 1;
  while (KEY[text.charCodeAt(i)] === 1) i++;
  if (i - start > MAX_KEY || text.charCodeAt(i) !== EQUALS) return false;
  const length = end - ++i;
  if (length <= 0 || length > MAX_VALUE) return false;
  for (; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < SPACE || code > TILDE || code === COMMA || code === EQUALS) return false;
  }
  return true;
}
