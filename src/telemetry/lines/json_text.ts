/** Text inside JSON quotes. @module */

const UNSAFE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;
// deno-lint-ignore no-control-regex -- everything outside ASCII is what is looked for
const NOT_ASCII = /[^\x00-\x7e]/g;

/**
 * What stands between the quotes of a JSON string (RFC 8259 §7) for this text. Everything outside printable ASCII is
 * escaped: the result has as many bytes as characters, no line end, and nothing that a terminal would obey.
 */
export function jsonText(text: string): string {
  return UNSAFE.test(text) ? JSON.stringify(text).slice(1, -1).replace(NOT_ASCII, unitEscape) : text;
}

/** `\u009b`: one code unit as an escape of JSON. */
export function unitEscape(unit: string): string {
  return "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0");
}
