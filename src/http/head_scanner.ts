/** The tokeniser of HTTP/1.1 heads: requests' and responses' alike. @module */

import { CR_BYTE, TEXT, TOKEN_LOWER, VALUE_CLASS } from "./byte_classes.ts";
import { fieldNumberAt, hashByte } from "./field_name_table.ts";

/** {@link HeadScanner.scan} needs more bytes. */
export const INCOMPLETE = 0;
/** The head breaks RFC 9112: a byte that may not stand there, a bare CR or LF, a folded line, white space before a colon. */
export const MALFORMED = -1;
/** More field lines than the scanner takes. */
export const TOO_MANY_LINES = -2;

/** Numbers per field line in {@link HeadScanner.lines}. */
export const LINE_STRIDE = 4;

const CR = 0x0d, LF = 0x0a, COLON = 0x3a;

/**
 * Finds the lines of a head in one pass and looks at every byte once. Nothing is repaired: what RFC 9112 calls invalid is
 * {@link MALFORMED}. The results are valid until the next scan; offsets count from the head's first byte.
 */
export class HeadScanner {
  /** For each field line: start of the name, the colon, the line's end (at its CR), number of the name (see known_fields.ts). */
  readonly lines: number[];
  /** Field lines found. */
  count = 0;
  /** End of the start line, at its CR; 0 while there is none. */
  startLineEnd = 0;

  constructor(readonly maxLines: number) {
    this.lines = new Array<number>(maxLines * LINE_STRIDE).fill(0);
  }

  /**
   * Scans the head that starts at `from` in `bytes[0, to)`.
   * @returns where the body starts, or {@link INCOMPLETE}, {@link MALFORMED}, {@link TOO_MANY_LINES}
   */
  scan(bytes: Uint8Array, from: number, to: number): number {
    this.count = this.startLineEnd = 0;
    let i = this.#skipText(bytes, from, to);
    if (i < 0 || i + 1 >= to) return i < 0 ? MALFORMED : INCOMPLETE;
    if (bytes[i + 1] !== LF) return MALFORMED;
    this.startLineEnd = i - from;
    i += 2;
    for (;;) {
      if (i >= to) return INCOMPLETE;
      if (bytes[i] === CR) {
        if (i + 1 >= to) return INCOMPLETE;
        return bytes[i + 1] === LF ? i + 2 : MALFORMED;
      }
      if (this.count === this.maxLines) return TOO_MANY_LINES;
      const start = i;
      let hash = 0, lower = 0;
      while (i < to && (lower = TOKEN_LOWER[bytes[i]]) !== 0) {
        hash = hashByte(hash, lower);
        i++;
      }
      if (i >= to) return INCOMPLETE;
      // An empty name, a folded line and white space before the colon all end here (RFC 9112 §5.1, §5.2).
      if (bytes[i] !== COLON || i === start) return MALFORMED;
      const colon = i;
      i = this.#skipText(bytes, i + 1, to);
      if (i < 0 || i + 1 >= to) return i < 0 ? MALFORMED : INCOMPLETE;
      if (bytes[i + 1] !== LF) return MALFORMED;
      const at = this.count++ * LINE_STRIDE, lines = this.lines;
      lines[at] = start - from;
      lines[at + 1] = colon - from;
      lines[at + 2] = i - from;
      lines[at + 3] = fieldNumberAt(bytes, start, colon, hash);
      i += 2;
    }
  }

  /** The place of the next CR, `to` when there is none yet, -1 at a byte that may not stand in a line. */
  #skipText(bytes: Uint8Array, from: number, to: number): number {
    let i = from, kind = TEXT;
    while (i < to && (kind = VALUE_CLASS[bytes[i]]) === TEXT) i++;
    if (i >= to) return to;
    return kind === CR_BYTE ? i : -1;
  }
}
