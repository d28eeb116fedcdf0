/** Signed tokens taken apart: the compact form of RFC 7515 §7.1, read strictly. @module */

import { Buffer } from "node:buffer";
import type { Claims } from "../claims/claims.ts";
import { ALGORITHM_KEYS, type JwtAlgorithm } from "./algorithms.ts";
import type { TokenFault } from "./token_fault.ts";
import { parseUnique } from "./unique_members.ts";

/** A token whose signature nobody has checked yet. */
export interface CompactToken {
  readonly text: string;
  readonly algorithm: JwtAlgorithm;
  readonly kid: string | undefined;
  readonly type: string | undefined;
  readonly claims: Claims;
}

/**
 * Takes a token apart. Keys that it brings along, or tells where to find (`jwk`, `jku`, `x5c`, `x5u`), are not looked at.
 *
 * @returns what is wrong with it where it is none of these algorithms
 */
export function readToken(text: string, algorithms: ReadonlySet<string>): CompactToken | TokenFault {
  const first = text.indexOf("."), second = text.indexOf(".", first + 1);
  if (first < 0 || second < 0 || text.indexOf(".", second + 1) >= 0) return "foreign";
  if (!isBase64Url(text, second + 1, text.length)) return "malformed";
  const header = objectIn(text, 0, first);
  if (header === null) return "malformed";
  const { alg, kid, typ } = header;
  if (typeof alg !== "string" || !isTextOrNone(kid) || !isTextOrNone(typ)) return "malformed";
  if (!algorithms.has(alg) || !Object.hasOwn(ALGORITHM_KEYS, alg)) return "algorithm";
  // RFC 7515 §4.1.11: no extension is known here. Tokens must not use that of RFC 7797 (its §7).
  if (Object.hasOwn(header, "crit") || Object.hasOwn(header, "b64")) return "critical";
  const claims = objectIn(text, first + 1, second);
  return claims === null
    ? "malformed"
    : { text, algorithm: alg as JwtAlgorithm, kid, type: typ, claims: frozen(claims) };
}

/** The object that a part holds; `null` where it holds none that all parsers read in the same way. */
function objectIn(text: string, start: number, end: number): Record<string, unknown> | null {
  if (!isBase64Url(text, start, end)) return null;
  try {
    const value = parseUnique(UTF8.decode(Buffer.from(text.slice(start, end), "base64url")));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Record<string, unknown>
      : null;
  } catch {
    return null;
  }
}

/** A byte order mark is no JSON (RFC 8259 §8.1). */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether a part is base64url without padding (RFC 7515 §2), not empty, and spelled in the only way for its bytes. */
function isBase64Url(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f || SEXTETS[code] < 0) return false;
  }
  const last = SEXTETS[text.charCodeAt(end - 1)];
  switch ((end - start) % 4) {
    case 0:
      return end > start;
    case 2:
      return (last & 15) === 0;
    case 3:
      return (last & 3) === 0;
    default:
      return false;
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The six bits of each character; -1 for others. */
const SEXTETS: readonly number[] = Array.from(
  { length: 128 },
  (_, code) => ALPHABET.indexOf(String.fromCharCode(code)),
);

function isTextOrNone(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

/** Many requests share them. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
