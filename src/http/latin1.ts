/** Heads as text: one character a byte. @module */

import type { Buffer } from "node:buffer";

const encoder = new TextEncoder();

/** Up to here, going over a text costs less than to call the runtime. */
const SHORT = 128;

/** The bytes from `start` to `end` as text, one character a byte. */
export function decodeLatin1(bytes: Buffer, start: number, end: number): string {
  return bytes.toString("latin1", start, end);
}

/**
 * Writes text of characters up to U+00FF, one byte each, at `at`. The room must be there: `into.length - at >= text.length`.
 * @returns the bytes written: `text.length`
 */
export function encodeLatin1(text: string, into: Uint8Array, at: number): number {
  if (text.length <= SHORT) {
    for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
    return text.length;
  }
  const { read, written } = encoder.encodeInto(text, at === 0 ? into : into.subarray(at));
  // UTF-8 and latin-1 agree on ASCII: they differ exactly when a character took two bytes.
  if (read !== written || read !== text.length) {
    for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  }
  return text.length;
}
