/** Texts in Huffman code, as a peer may send them. @module */

import { CODE_LENGTHS, CODES } from "../../../src/http/hpack/huffman_code.ts";

/** Bits of a text's code, as a string of 0 and 1. */
export function huffmanBits(bytes: Iterable<number>): string {
  return [...bytes].map((byte) => CODES[byte].toString(2).padStart(CODE_LENGTHS[byte], "0")).join("");
}

/** Bits, filled up to whole bytes with ones. */
export function packed(bits: string): Uint8Array {
  const whole = bits.padEnd(Math.ceil(bits.length / 8) * 8, "1");
  return Uint8Array.from(whole.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
}
