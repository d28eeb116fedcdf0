/** Keys as they are known: by their hashes. @module */

import { createHash } from "node:crypto";

/** What goes with a key. */
export interface KnownKey {
  readonly consumer?: string;
  readonly groups?: readonly string[];
  /** Milliseconds since 1970. */
  readonly expires?: number;
}

/** Keys by the hexadecimal digits of their SHA-256. A map, so that nothing that prints a config prints them. */
export type KnownKeys = ReadonlyMap<string, KnownKey>;

/** Visible characters of ASCII: what survives each of the places. */
const KEY = /^[\x21-\x7e]{1,1024}$/;

/** Whether a text can be a key at all. */
export function isKey(text: string): boolean {
  return KEY.test(text);
}

/** The hexadecimal digits of a key's SHA-256. One round is enough: random keys cannot be guessed, however fast one tries. */
export function hashOfKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** What logs and limits call a key that belongs to no consumer. It tells nothing of the key, nor of its hash. */
export function nameOfKey(hash: string): string {
  return `key-${createHash("sha256").update(hash).digest("hex").slice(0, 16)}`;
}
