/** The field `baggage` (W3C Baggage, §3). @module */

import { charTable, memberEnd, members, skipBlanks } from "./list_members.ts";

/** What everybody is to pass on at least, and we at most. */
const MAX_MEMBERS = 180, MAX_LENGTH = 8192;

const EQUALS = 0x3d, SEMICOLON = 0x3b;

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/** A key is a token (RFC 9110 §5.6.2); a value has no quote, comma, semicolon, backslash or white space. */
const KEY = charTable(LETTERS + "!#$%&'*+-.^_`|~");
const VALUE = charTable(LETTERS + "!#$%&'()*+-./:<=>?@[]^_`{|}~");

/**
 * The field's combined value as it may go on: as it came, or, where a member is not valid or there is too much of it, the
 * valid members for which there is room, each whole. The gateway itself uses none of it.
 */
export function readBaggage(text: string): string {
  if (text.length > MAX_LENGTH) return fitting(text);
  let count = 0;
  for (let start = 0, end: number; start <= text.length; start = end + 1) {
    end = memberEnd(text, start);
    if (++count > MAX_MEMBERS || !isMember(text, start, end)) return fitting(text);
  }
  return text;
}

function fitting(text: string): string {
  const kept: string[] = [];
  let room = MAX_LENGTH + 1;
  for (const member of members(text)) {
    if (member.length + 1 > room || !isMember(member, 0, member.length)) continue;
    room -= member.length + 1;
    if (kept.push(member) === MAX_MEMBERS) break;
  }
  return kept.join(",");
}

/** Whether `text[start, end)` is `key=value`, with properties `;key=value` or `;key`, and white space between the parts. */
function isMember(text: string, start: number, end: number): boolean {
  for (let i = start, property = false;; i++, property = true) {
    const key = skipBlanks(text, i, end);
    i = skip(KEY, text, key, end);
    if (i === key) return false;
    i = skipBlanks(text, i, end);
    if (i < end && text.charCodeAt(i) === EQUALS) {
      i = skipBlanks(text, skip(VALUE, text, skipBlanks(text, i + 1, end), end), end);
    } else if (!property) return false;
    if (i === end) return true;
    if (text.charCodeAt(i) !== SEMICOLON) return false;
  }
}

function skip(table: Uint8Array, text: string, i: number, end: number): number {
  while (i < end && table[text.charCodeAt(i)] === 1) i++;
  return i;
}
