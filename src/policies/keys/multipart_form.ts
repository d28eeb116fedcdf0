/** Forms with files. @module */

import { type FieldCharset, fieldText } from "./field_text.ts";
import type { FormFields } from "./form_fields.ts";
import { readPartHead } from "./part_head.ts";

/** Bytes that the head of a part may have: 8 KiB. */
const MOST_HEAD = 8 * 1024;

const LINE_END = "\r\n", HEAD_END = "\r\n\r\n";
/** What stands behind a boundary: the end of its line, or the end of the form with nothing behind it. */
const NEXT_PART = /[ \t]*\r\n/y, FORM_END = /--[ \t\r\n]*$/y, CUT_OFF = /(?:[ \t]*\r?|-)$/y;

/** One character a byte (windows-1252, in truth): a place in the text is one in the bytes. */
const decoder = new TextDecoder("latin1");

/**
 * Reads `multipart/form-data` (RFC 7578, RFC 2046 §5.1) as its senders write it today, and nothing else: where the
 * boundary stands anywhere but alone on a line of its own, the form does not begin with it, or a head is not as it
 * should be, servers differ about what is a part, and the form has no fields.
 *
 * Files have no value, but take their name.
 *
 * @param whole whether the form ends with these bytes; if not, the last part is not known
 */
export function readMultipart(
  bytes: Uint8Array,
  whole: boolean,
  { boundary, charset }: { readonly boundary: string; readonly charset: FieldCharset },
  fields: FormFields,
): void {
  const text = decoder.decode(bytes), delimiter = `--${boundary}`;
  let part: Part | null = null;
  for (let at = text.startsWith(LINE_END) ? LINE_END.length : 0;; at = text.indexOf(delimiter, part.start)) {
    const end = at - LINE_END.length, behind = at + delimiter.length;
    const wellBefore = at < 0 || (part === null ? text.startsWith(delimiter, at) : text.startsWith(LINE_END, end));
    if (!wellBefore) return fields.giveUp();
    if (at < 0 || matches(CUT_OFF, text, behind)) return whole ? fields.giveUp() : part?.cut();
    const ended = matches(FORM_END, text, behind);
    if (!ended && !matches(NEXT_PART, text, behind)) return fields.giveUp();
    part?.end(end);
    if (ended || fields.unclear) return;
    part = new Part(bytes, text, NEXT_PART.lastIndex, charset, fields);
  }
}

/** From the line behind a boundary on. */
class Part {
  readonly start: number;
  readonly #bytes: Uint8Array;
  readonly #charset: FieldCharset;
  readonly #fields: FormFields;
  readonly #headEnd: number;

  constructor(bytes: Uint8Array, text: string, start: number, charset: FieldCharset, fields: FormFields) {
    this.start = start;
    this.#bytes = bytes;
    this.#charset = charset;
    this.#fields = fields;
    this.#headEnd = text.indexOf(HEAD_END, start);
  }

  /** It ends here. */
  end(at: number): void {
    const content = this.#headEnd + HEAD_END.length;
    if (this.#headEnd < 0 || content > at) this.#fields.giveUp();
    else this.#read((charset) => fieldText(this.#bytes.subarray(content, at), charset));
  }

  /** Its end is not known: it has no value, but it takes its name. */
  cut(): void {
    if (this.#headEnd >= 0) this.#read(() => undefined);
    else if (this.#bytes.length - this.start > MOST_HEAD) this.#fields.giveUp();
  }

  #read(value: (charset: FieldCharset) => string | undefined): void {
    const tooLong = this.#headEnd - this.start > MOST_HEAD;
    const head = tooLong ? null : readPartHead(this.#bytes.subarray(this.start, this.#headEnd), this.#charset);
    if (head === null) this.#fields.giveUp();
    else this.#fields.add(head.name, value(head.charset));
  }
}

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
