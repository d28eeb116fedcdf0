/** Forms as HTML pages send them, and queries. @module */

import { type FieldCharset, fieldText } from "./field_text.ts";
import type { FormFields } from "./form_fields.ts";

const PERCENT = 0x25, AMPERSAND = 0x26, PLUS = 0x2b, SEMICOLON = 0x3b, EQUALS = 0x3d, QUESTION_MARK = 0x3f;
const SPACE = 0x20;

/**
 * Reads `name=value&…` (https://url.spec.whatwg.org/#urlencoded-parsing).
 *
 * Readers differ about a `?` or byte order mark in front, escapes that are none, and a bare `;`, which some take for `&`.
 *
 * @param whole whether the form ends with these bytes; if not, what stands behind the last `&` is not known
 */
export function readUrlEncoded(bytes: Uint8Array, whole: boolean, charset: FieldCharset, fields: FormFields): void {
  if (bytes[0] === QUESTION_MARK) fields.giveUp();
  for (let at = 0; at < bytes.length && !fields.unclear;) {
    const end = endOf(bytes, AMPERSAND, at), cut = end === bytes.length && !whole;
    if (end > at) readPairs(bytes.subarray(at, end), cut, charset, fields);
    at = end + 1;
  }
}

/** Reads what stands between two `&`. @param cut whether it may go on */
function readPairs(bytes: Uint8Array, cut: boolean, charset: FieldCharset, fields: FormFields): void {
  const clear = !cut && !bytes.includes(SEMICOLON);
  for (let at = 0; at < bytes.length && !fields.unclear;) {
    const start = at, end = endOf(bytes, SEMICOLON, start);
    at = end + 1;
    if (end === start) continue;
    const pair = bytes.subarray(start, end), nameEnd = endOf(pair, EQUALS, 0);
    // A name may go on, too.
    if (cut && end === bytes.length && nameEnd === pair.length) return;
    const name = decoded(pair.subarray(0, nameEnd), charset);
    if (name === undefined) fields.giveUp();
    else fields.add(name, clear ? decoded(pair.subarray(nameEnd + 1), charset) : undefined);
  }
}

function endOf(bytes: Uint8Array, separator: number, from: number): number {
  const end = bytes.indexOf(separator, from);
  return end < 0 ? bytes.length : end;
}

/** The text that is meant; `undefined` where that can be read in two ways. */
function decoded(bytes: Uint8Array, charset: FieldCharset): string | undefined {
  if (!bytes.includes(PERCENT) && !bytes.includes(PLUS)) return fieldText(bytes, charset);
  const into = new Uint8Array(bytes.length);
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i];
    if (byte === PLUS) byte = SPACE;
    else if (byte === PERCENT) {
      byte = hexDigit(bytes[i + 1]) << 4 | hexDigit(bytes[i + 2]);
      if (byte < 0) return undefined;
      i += 2;
    }
    into[count++] = byte;
  }
  return fieldText(into.subarray(0, count), charset);
}

/** -1 for what is no digit. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
