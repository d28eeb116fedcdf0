/** Values as messages show them. @module */

import { isSecret } from "../core/secret.ts";

const LONGEST = 80, MOST_ENTRIES = 6;

/** What a key that was pasted into the config begins with. */
const PEM = "-----BEGIN ";

/** Keys whose texts are not shown, wherever they stand. */
const SENSITIVE = /token|secret|passw|credential|authorization|api[-_]?key|private[-_]?key|cookie/i;

/**
 * A value on one line, short: texts in quotes, lists and settings with what is in them, secrets as references, functions
 * by name. Passwords in URLs and texts under keys that name a credential are left out.
 */
export function seenText(value: unknown): string {
  return short(value, 0);
}

/** A text in whose place only its kind is shown: it may be a secret. */
export const HIDDEN_TEXT = "a text, not shown here";

/** Whether a text under this key may be a credential. */
export function isSensitiveKey(key: string): boolean {
  return SENSITIVE.test(key);
}

/** Hashes of keys and passwords, after what says that they are. */
const HASH = /^(sha256:|\{SHA256\}|\$(?:2[aby]|argon2\w*|scrypt)\$)\S{16,}$/i;

/**
 * A URL without its user name and password, also where a password has characters that it should not have, or no scheme;
 * and a hash without its digits.
 */
export function withoutCredentials(text: string): string {
  if (HASH.test(text)) return text.replace(HASH, "$1…");
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/).*@/is, "$1…@").replace(/^[^/\s:@]*:[^/\s@]+@(?=[^\s@]+:\d+$)/, "…@");
}

function short(value: unknown, depth: number): string {
  if (typeof value === "string" && value.includes(PEM)) return HIDDEN_TEXT;
  if (typeof value === "string") return clipped(JSON.stringify(withoutCredentials(value)));
  if (typeof value === "function") return value.name === "" ? "a function" : `the function ${value.name}`;
  if (value === null) return "null";
  if (typeof value !== "object") return String(value);
  if (isSecret(value)) {
    return value.env === undefined
      ? `secret.file(${JSON.stringify(value.file)})`
      : `secret.env(${JSON.stringify(value.env)})`;
  }
  if (Array.isArray(value)) {
    return depth > 1 && value.length > 0 ? "[…]" : `[${entries(value, (entry) => short(entry, depth + 1))}]`;
  }
  const pairs = Object.entries(value);
  if (pairs.length === 0) return "{}";
  if (depth > 1) return "{ … }";
  return `{ ${
    entries(pairs, ([key, inner]) =>
      `${keyText(key)}: ${isSensitiveKey(key) && typeof inner === "string" ? "…" : short(inner, depth + 1)}`)
  } }`;
}

function entries<T>(list: readonly T[], print: (entry: T) => string): string {
  const shown = list.slice(0, MOST_ENTRIES).map(print).join(", ");
  return list.length > MOST_ENTRIES ? `${shown}, …` : shown;
}

function keyText(key: string): string {
  return /^[\w$]+$/.test(key) ? key : JSON.stringify(key);
}

function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 2)}…"` : text;
}
