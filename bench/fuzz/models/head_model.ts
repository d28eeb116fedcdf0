/** What a head is, as regular expressions over text: the yardstick of the scanner. @module */

import { INCOMPLETE, MALFORMED, TOO_MANY_LINES } from "../../../src/http/head_scanner.ts";

const START_LINE = /^[\t\x20-\x7e\x80-\xff]*\r\n/;
const START_LINE_BEGUN = /^[\t\x20-\x7e\x80-\xff]*\r?$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)\r\n/;
const FIELD_BEGUN = /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]*|[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r?)$/;

/** A head as the model reads it. */
export interface HeadReading {
  /** Where the body starts, or why there is no head: the scanner's own numbers. */
  readonly end: number;
  readonly startLine: string;
  /** `[name, value, …]` of the lines that are whole, names in lower case. */
  readonly fields: readonly string[];
}

/** Reads the head that `text` begins with, one character a byte (RFC 9112 §2.1, §5). */
export function readHead(text: string, maxLines: number): HeadReading {
  const startLine = START_LINE.exec(text)?.[0];
  if (startLine === undefined) {
    return { end: START_LINE_BEGUN.test(text) ? INCOMPLETE : MALFORMED, startLine: "", fields: [] };
  }
  const fields: string[] = [];
  const reading = (end: number) => ({ end, startLine: startLine.slice(0, -2), fields });
  for (let at = startLine.length;;) {
    const rest = text.slice(at);
    if (rest.startsWith("\r\n")) return reading(at + 2);
    if (rest === "" || rest === "\r") return reading(INCOMPLETE);
    if (rest[0] === "\r") return reading(MALFORMED);
    if (fields.length === maxLines * 2) return reading(TOO_MANY_LINES);
    const field = FIELD.exec(rest);
    if (field === null) return reading(FIELD_BEGUN.test(rest) ? INCOMPLETE : MALFORMED);
    fields.push(field[1].toLowerCase(), withoutBlanks(field[2]));
    at += field[0].length;
  }
}

/** The text without the spaces and tabs around it (OWS, RFC 9110 §5.6.3), and without anything else taken away. */
export function withoutBlanks(value: string): string {
  return /[^ \t](?:[^]*[^ \t])?/.exec(value)?.[0] ?? "";
}

/** The values of each field of this name (lower case), in order. */
export function valuesOf(fields: readonly string[], name: string): string[] {
  return fields.filter((_, at) => at % 2 === 1 && fields[at - 1] === name);
}
