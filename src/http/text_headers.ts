/** Fields of a received head, kept as the text they came in. @module */

import type { FieldSet } from "../core/field_set.ts";
import type { HeaderSource } from "../core/header_list.ts";
import { fieldNumber, KNOWN_FIELDS } from "../core/known_fields.ts";
import { type HeadScanner, LINE_STRIDE } from "./head_scanner.ts";
import { withoutBlanks } from "./without_blanks.ts";

/** A scanned head. Unchanged lines are forwarded as ranges of its text; names and values are cut out only when asked for. */
export class TextHeaders implements HeaderSource {
  readonly #text: string;
  readonly #lines: readonly number[];

  /**
   * `text` is the head as latin-1 text, start line included; `lines` are those of its lines that count, in the numbers of
   * {@link HeadScanner.lines}. Both are kept.
   */
  constructor(text: string, lines: readonly number[]) {
    this.#text = text;
    this.#lines = lines;
  }

  /** Every line that `scanner` has just found in `text`. */
  static scanned(text: string, scanner: HeadScanner): TextHeaders {
    return new TextHeaders(text, scanner.lines.slice(0, scanner.count * LINE_STRIDE));
  }

  get(name: string): string | null {
    const lines = this.#lines, number = fieldNumber(name);
    let value: string | null = null;
    for (let at = 0; at < lines.length; at += LINE_STRIDE) {
      if (number !== 0 ? lines[at + 3] !== number : lines[at + 3] !== 0 || !this.#isNamed(at, name)) continue;
      const next = this.#value(at);
      value = value === null ? next : value + (name === "cookie" ? "; " : ", ") + next;
    }
    return value;
  }

  hasAny({ known, others }: FieldSet): boolean {
    const lines = this.#lines;
    for (let at = 0; at < lines.length; at += LINE_STRIDE) {
      const number = lines[at + 3];
      if (number !== 0 ? known[number] === 1 : others !== null && others.has(this.#name(at))) return true;
    }
    return false;
  }

  flat(): string[] {
    const lines = this.#lines, flat: string[] = [];
    for (let at = 0; at < lines.length; at += LINE_STRIDE) flat.push(this.#name(at), this.#value(at));
    return flat;
  }

  text(drop: FieldSet): string {
    const lines = this.#lines, text = this.#text, { known, others } = drop;
    // Neighbouring lines are one range.
    let out = "", start = 0, end = 0;
    for (let at = 0; at < lines.length; at += LINE_STRIDE) {
      const number = lines[at + 3];
      if (number !== 0 ? known[number] === 1 : others !== null && others.has(this.#name(at))) continue;
      if (lines[at] !== end) {
        if (end > 0) out += text.slice(start, end);
        start = lines[at];
      }
      end = lines[at + 2] + 2;
    }
    return end === 0 ? out : out + text.slice(start, end);
  }

  #name(at: number): string {
    const number = this.#lines[at + 3];
    return number !== 0 ? KNOWN_FIELDS[number] : this.#text.slice(this.#lines[at], this.#lines[at + 1]).toLowerCase();
  }

  #isNamed(at: number, name: string): boolean {
    const start = this.#lines[at], length = this.#lines[at + 1] - start;
    return length === name.length && this.#text.slice(start, start + length).toLowerCase() === name;
  }

  #value(at: number): string {
    return lineValue(this.#text, this.#lines, at);
  }
}

/** The value of the line at `at`, without the white space around it (RFC 9112 §5.1). */
export function lineValue(text: string, lines: readonly number[], at: number): string {
  return withoutBlanks(text, lines[at + 1] + 1, lines[at + 2]);
}
