/** Ids as text. @module */

/** By character code: 1 for a hexadecimal digit in lower case. */
const LOWER_HEX: Uint8Array = lowerHex();

const ZERO = 0x30;

/** Whether `text[start, start + length)` is hexadecimal in lower case, and not all zero. */
export function isId(text: string, start: number, length: number): boolean {
  let zeros = 0;
  for (let i = start; i < start + length; i++) {
    const code = text.charCodeAt(i);
    if (!isLowerHex(code)) return false;
    if (code === ZERO) zeros++;
  }
  return zeros < length;
}

/** Whether it is the code of a hexadecimal digit in lower case; not for NaN, the code of a character that is not there. */
export function isLowerHex(code: number): boolean {
  return LOWER_HEX[code] === 1;
}

function lowerHex(): Uint8Array {
  const digits = new Uint8Array(128);
  for (const digit of "0123456789abcdef") digits[digit.charCodeAt(0)] = 1;
  return digits;
}
