/** What each byte may be in a head (RFC 9110 §5.5, §5.6.2; RFC 9112 §5). @module */

/** Classes of bytes in field values and start lines; obs-text (above 0x7F) is text. */
export const TEXT = 0, CR_BYTE = 1, BAD = 2;

/** Class of each byte in a field value: visible, space and tab; CR; forbidden; above 0x7F. */
export const VALUE_CLASS: Uint8Array = valueClasses();

/** For each byte that may stand in a token, that byte in lower case; 0 for the others. */
export const TOKEN_LOWER: Uint8Array = tokenLower();

function valueClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  classes.fill(BAD, 0, 0x20);
  classes[0x09] = TEXT;
  classes[0x0d] = CR_BYTE;
  classes[0x7f] = BAD;
  return classes;
}

function tokenLower(): Uint8Array {
  const lower = new Uint8Array(256);
  for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") {
    lower[char.charCodeAt(0)] = char.charCodeAt(0);
  }
  for (let byte = 0x41; byte <= 0x5a; byte++) lower[byte] = byte + 0x20;
  return lower;
}
