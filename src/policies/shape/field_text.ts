/** Text of a config or of a decoded key as the text of a field value. @module */

import { Buffer } from "node:buffer";

// deno-lint-ignore no-control-regex -- everything beyond ASCII
const BEYOND_ASCII = /[^\x00-\x7f]/;

/** UTF-8, one character a byte: what field values are made of (RFC 9110 §5.5, obs-text). ASCII stays as it is. */
export function fieldText(text: string): string {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, "utf8").toString("latin1") : text;
}
