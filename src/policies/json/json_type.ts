/** Whether content is JSON, by its type. @module */

import { withoutBlanks } from "../../http/without_blanks.ts";

const CHARSET = /;[ \t]*charset[ \t]*=[ \t]*"?([^";, \t]*)/i;

/** The type of content in lower case, without parameters; `""` where there is none. */
export function mediaType(contentType: string | null): string {
  if (contentType === null) return "";
  const semicolon = contentType.indexOf(";");
  return withoutBlanks(contentType, 0, semicolon < 0 ? contentType.length : semicolon).toLowerCase();
}

/** Whether a media type, as {@link mediaType} gives it, is JSON: `application/json` or any `+json` (RFC 6839 §3.1). */
export function isJsonType(type: string): boolean {
  return type === "application/json" || /^[^/+,]+\/[^/,]+\+json$/.test(type);
}

/** Whether content of this type is text in UTF-8, which all JSON is (RFC 8259 §8.1): nothing says that it were not. */
export function isUtf8(contentType: string | null): boolean {
  const charset = CHARSET.exec(contentType ?? "")?.[1];
  return charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset);
}
