/** The head of one part of a multipart form. @module */

import { withoutBlanks } from "../../http/without_blanks.ts";
import { charsetOf, type FieldCharset, fieldText } from "./field_text.ts";
import { readParametrised } from "./parameters.ts";

/** What the head says. */
export interface PartHead {
  readonly name: string;
  /** How its content is read; `null` for files, and for content that not everybody takes as it stands. */
  readonly charset: FieldCharset;
}

/** A field line; a folded one is none (RFC 9112 §5.2). */
// deno-lint-ignore no-control-regex -- these are what must not be there
const LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([^\x00-\x08\x0a-\x1f\x7f]*)$/;

/** In a name: an escape to some, letters to others. */
const ESCAPE = /\\|%[0-9a-f]{2}/i;

/** Codings that leave the content as it is. Others are decoded by some servers (RFC 7578 §4.7). */
const PLAIN = ["7bit", "8bit", "binary"];

/** @param bytes the lines, without the empty one @param charset the form's @returns `null` where readers may differ about it */
export function readPartHead(bytes: Uint8Array, charset: FieldCharset): PartHead | null {
  const lines = fieldText(bytes, charset)?.split("\r\n") ?? [""], headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = LINE.exec(line) ?? [];
    if (name === undefined || headers.has(name.toLowerCase())) return null;
    headers.set(name.toLowerCase(), withoutBlanks(value));
  }
  const disposition = readParametrised(headers.get("content-disposition") ?? "", ["name", "filename", "filename*"]);
  if (disposition?.value !== "form-data") return null;
  const name = disposition.parameters.get("name");
  if (name === undefined || ESCAPE.test(name)) return null;
  const plain = disposition.parameters.size === 1 && PLAIN.includes(codingIn(headers));
  return { name, charset: plain ? charsetIn(headers, charset) : null };
}

function codingIn(headers: ReadonlyMap<string, string>): string {
  return headers.get("content-transfer-encoding")?.toLowerCase() ?? PLAIN[0];
}

/** Whatever type it has it is one value, unless it is made of parts itself (RFC 7578 §4.3). */
function charsetIn(headers: ReadonlyMap<string, string>, charset: FieldCharset): FieldCharset {
  const contentType = headers.get("content-type");
  if (contentType === undefined) return charset;
  const type = readParametrised(contentType, ["charset"]);
  if (type === null || /^(?:multipart|message)\//.test(type.value)) return null;
  return type.parameters.has("charset") ? charsetOf(type.parameters.get("charset")) : charset;
}
