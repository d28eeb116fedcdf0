/** The token of RFC 9110 §5.6.2: what methods, field names and connection options are made of. @module */

import { TOKEN_LOWER } from "./byte_classes.ts";

/** Whether the text is one token: not empty, and nothing but token characters. */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff || TOKEN_LOWER[code] === 0) return false;
  }
  return text.length > 0;
}
