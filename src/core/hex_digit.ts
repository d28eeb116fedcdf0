/** Hexadecimal digits as character codes. @module */

/** The value of the digit, or -1; -1 too for NaN, the code of a character that is not there. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
