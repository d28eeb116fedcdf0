/**
 * The one form of a request's path that serves matching, auth, cache keys and forwarding. Two readers of a path that
 * disagree about where it leads are how guards are walked around (CVE-2019-9901, CVE-2021-41773), so whatever could be
 * read in two ways is refused, and nothing else is changed.
 *
 * - Escapes of unreserved characters are decoded (RFC 3986 §6.2.2.2), other escapes are kept, in upper case (§6.2.2.1).
 * - Dot segments, also encoded ones, are resolved and stop at the root (§5.2.4); `/a/b/..` leaves `/a/`.
 * - `%2F` is an ordinary character of its segment: never decoded, never a separator. `%5C` likewise.
 * - Refused: a dot segment with `%2F`, `%5C`, `;` or `%3B` at its side (`..%2F`, `..;/`: decoding servers and Java
 *   containers climb there), `\` (browsers and Windows read it as `/`), control bytes raw or encoded, space, `#`, `?`,
 *   bytes above 0x7F, and escapes without two hex digits.
 * - `"`, `<`, `>`, `^`, `` ` ``, `{`, `|`, `}`, `[` and `]` are not path characters by RFC 3986, but are sent in the wild
 *   and harm no framing: kept as sent, raw or escaped.
 *
 * @module
 */

import { hexDigit } from "../core/hex_digit.ts";

/** How paths are read: the config's `paths`. */
export interface PathOptions {
  /** What becomes of `%2F`: kept as an ordinary character, or refused. @default "keep" */
  readonly encodedSlash: "keep" | "reject";
  /** Whether runs of `/` count as one. They are folded before dot segments are resolved. @default false */
  readonly mergeSlashes: boolean;
}

/** Why a path is refused: a sentence that may be shown to the client. The status is 400. */
export interface PathError {
  readonly error: string;
}

const NO_SLASH = refusal("the path must start with /");
const BAD_ESCAPE = refusal("the path has a % without two hex digits");
const CONTROL = refusal("the path has a control character");
const ODD_CHARACTER = refusal("the path has a character that must be percent-encoded: space, #, ?, \\ or above 0x7F");
const ENCODED_SLASH = refusal("the path has an encoded slash");
const AMBIGUOUS_DOTS = refusal("the path has a dot segment beside an encoded slash, a backslash or a semicolon");

const SLASH = 0x2f, PERCENT = 0x25;

/** Segments without escapes, without characters that may be refused, and without a dot at their start. */
const PLAIN = /^(?:\/(?:[!"$&-\-0->@-[\]-~][!"$&-.0->@-[\]-~]*)?)+$/;
/** {@link PLAIN} without empty segments. */
const PLAIN_MERGED = /^(?:\/[!"$&-\-0->@-[\]-~][!"$&-.0->@-[\]-~]*)*\/?$/;

/** 1 for what needs a closer look: escapes, and what is refused. */
const NOT_PLAIN = asciiTable((c) => c <= 0x20 || c === 0x7f || "#%?\\".includes(String.fromCharCode(c)));
const UNRESERVED = asciiTable((c) => /[A-Za-z0-9._~-]/.test(String.fromCharCode(c)));

/** A dot segment that starts or ends at something which only some servers take for the end of a segment. */
const DOTS_BESIDE_SEPARATOR = /(?:%2F|%5C)\.\.?(?=\/|%2F|%5C|;|%3B|$)|\/\.\.?(?=%2F|%5C|;|%3B)/;

/**
 * The canonical form of a raw path, or why it is refused. A path that is canonical already, as nearly all are, comes
 * back as the same string after one look at each character. The result is never longer than `raw`.
 *
 * @param raw the path of the request target as received, without the query
 */
export function canonicalPath(raw: string, options: PathOptions): string | PathError {
  if (raw.charCodeAt(0) !== SLASH) return NO_SLASH;
  return (options.mergeSlashes ? PLAIN_MERGED : PLAIN).test(raw) ? raw : rewritten(raw, options);
}

/** Tells the two results of {@link canonicalPath} apart. */
export function isPathError(result: string | PathError): result is PathError {
  return typeof result !== "string";
}

function rewritten(raw: string, options: PathOptions): string | PathError {
  const decoded = decodeUnreserved(raw, options.encodedSlash === "reject");
  if (isPathError(decoded)) return decoded;
  if (DOTS_BESIDE_SEPARATOR.test(decoded)) return AMBIGUOUS_DOTS;
  const path = options.mergeSlashes ? decoded.replace(/\/{2,}/g, "/") : decoded;
  return path.includes("/.") ? withoutDotSegments(path) : path;
}

function decodeUnreserved(raw: string, refuseSlash: boolean): string | PathError {
  let text = "", from = 0;
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charCodeAt(i);
    if (c > 0x7f) return ODD_CHARACTER;
    if (NOT_PLAIN[c] === 0) continue;
    if (c !== PERCENT) return c < 0x20 || c === 0x7f ? CONTROL : ODD_CHARACTER;
    const high = hexDigit(raw.charCodeAt(i + 1)), low = hexDigit(raw.charCodeAt(i + 2));
    if (high < 0 || low < 0) return BAD_ESCAPE;
    const byte = high * 16 + low;
    if (byte < 0x20 || byte === 0x7f) return CONTROL;
    if (byte === SLASH && refuseSlash) return ENCODED_SLASH;
    const decode = byte < 0x80 && UNRESERVED[byte] === 1;
    text += raw.slice(from, i) + (decode ? String.fromCharCode(byte) : raw.slice(i, i + 3).toUpperCase());
    from = i + 3;
    i += 2;
  }
  return text + raw.slice(from);
}

/** RFC 3986 §5.2.4 for an absolute path. */
function withoutDotSegments(path: string): string {
  const segments = path.split("/"), kept: string[] = [], last = segments.length - 1;
  for (let i = 1; i <= last; i++) {
    const segment = segments[i];
    if (segment === "..") kept.pop();
    else if (segment !== ".") {
      kept.push(segment);
      continue;
    }
    if (i === last) kept.push("");
  }
  return "/" + kept.join("/");
}

function asciiTable(test: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => test(code) ? 1 : 0);
}

function refusal(error: string): PathError {
  return Object.freeze({ error });
}
