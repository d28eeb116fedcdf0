/** Which types of content are worth compressing. @module */

import { isToken } from "../../../http/token.ts";
import { withoutBlanks } from "../../../http/without_blanks.ts";

/** Text, and binary formats that are not compressed in themselves. `text/event-stream` is among them. */
export const COMPRESSIBLE: readonly string[] = Object.freeze([
  "text/*",
  "application/json",
  "application/*+json",
  "application/xml",
  "application/*+xml",
  "application/javascript",
  "application/x-javascript",
  "application/x-ndjson",
  "application/jsonl",
  "application/json-seq",
  "application/yaml",
  "application/graphql",
  "application/wasm",
  "application/vnd.ms-fontobject",
  "font/ttf",
  "font/otf",
  "image/svg+xml",
  "image/bmp",
  "image/x-icon",
  "image/vnd.microsoft.icon",
]);

/** Compressed already: it would cost time and gain nothing. */
const COMPRESSED =
  /^(?:image\/(?:png|jpe?g|gif|webp|avif|heic|heif|jxl)|audio\/(?!(?:x-)?wav|aiff).*|video\/.*|font\/woff2?|application\/(?:zip|gzip|zstd|x-(?:7z-compressed|bzip2?|gzip|xz|rar-compressed)|vnd\.rar|java-archive|pdf|grpc.*))$/;

/** Types that are remembered. */
const REMEMBERED = 200;

/** Whether the text is a type, a family (`text/*`) or a suffix of one (`application/*+json`). */
export function isTypePattern(text: string): boolean {
  const [type, subtype, more] = text.split("/");
  return more === undefined && subtype !== undefined && isToken(type) && isToken(subtype) && !type.includes("*") &&
    /^(?:\*(?:\+[^*+]+)?|[^*]+)$/.test(subtype);
}

/** Whether a type, written without `*`, is compressed in itself. */
export function isCompressed(type: string): boolean {
  return COMPRESSED.test(type.toLowerCase());
}

/** Makes a function that tells whether the value of a `Content-Type` is one of `patterns`. */
export function compressibleTypes(patterns: readonly string[]): (contentType: string | null) => boolean {
  const exact = new Set<string>(), families = new Set<string>(), suffixes = new Set<string>();
  for (const pattern of patterns.map((pattern) => pattern.toLowerCase())) {
    if (pattern.endsWith("/*")) families.add(pattern.slice(0, -1));
    else if (pattern.includes("/*+")) suffixes.add(pattern);
    else exact.add(pattern);
  }
  const matches = (type: string): boolean => {
    if (exact.has(type)) return true;
    if (COMPRESSED.test(type)) return false;
    const slash = type.indexOf("/"), family = type.slice(0, slash + 1), plus = type.lastIndexOf("+");
    return families.has(family) || (plus > slash && suffixes.has(`${family}*${type.slice(plus)}`));
  };
  const known = new Map<string, boolean>();
  return (contentType) => {
    if (contentType === null) return false;
    let answer = known.get(contentType);
    if (answer === undefined) {
      const semicolon = contentType.indexOf(";");
      answer = matches(
        withoutBlanks(contentType, 0, semicolon < 0 ? contentType.length : semicolon).toLowerCase(),
      );
      if (known.size >= REMEMBERED) known.clear();
      known.set(contentType, answer);
    }
    return answer;
  };
}
