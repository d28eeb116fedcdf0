/** Recognises known field names in raw bytes. @module */

import { KNOWN_FIELDS } from "../core/known_fields.ts";
import { TOKEN_LOWER } from "./byte_classes.ts";

const SLOTS = 256;
const hashes: readonly number[] = KNOWN_FIELDS.map(hashName);
const names: readonly Uint8Array[] = KNOWN_FIELDS.map((name) => new TextEncoder().encode(name));
const table: Uint8Array = buildTable();

/** Continues a name's hash with one more byte, already in lower case. The hash of no byte is 0. */
export function hashByte(hash: number, lower: number): number {
  return (Math.imul(hash, 31) + lower) | 0;
}

/** The number of the name in `bytes` from `start` to `end` with this hash, 0 when it is not a known one. */
export function fieldNumberAt(bytes: Uint8Array, start: number, end: number, hash: number): number {
  for (let slot = slotOf(hash); table[slot] !== 0; slot = (slot + 1) & (SLOTS - 1)) {
    const number = table[slot];
    if (hashes[number] === hash && sameName(names[number], bytes, start, end)) return number;
  }
  return 0;
}

function sameName(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) if (TOKEN_LOWER[bytes[start + i]] !== name[i]) return false;
  return true;
}

function hashName(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = hashByte(hash, name.charCodeAt(i));
  return hash;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 10)) & (SLOTS - 1);
}

function buildTable(): Uint8Array {
  const slots = new Uint8Array(SLOTS);
  for (let number = 1; number < KNOWN_FIELDS.length; number++) {
    let slot = slotOf(hashes[number]);
    while (slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    slots[slot] = number;
  }
  return slots;
}
