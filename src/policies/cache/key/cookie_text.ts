/** What of the cookies tells one answer from another. @module */

import type { KeyReader } from "../../../core/key.ts";

/** What some server takes for the end of a cookie before this one; some even look into quotes. */
const BEFORE = '(?:^|[;,\\s"])', AFTER = "(?=[=;,\\s]|$)";
const SPECIAL = /[$*+.^|]/g;

/**
 * Prepares the reading of each cookie of a name as it was sent, with its name, up to the next `;`; absent where there is none.
 * Whatever some server could take for it counts: who could hide a cookie from the key and show it to the upstream would
 * put an answer in another one's place.
 *
 * @param name a token
 */
export function cookieText(name: string): KeyReader {
  const cookies = new RegExp(`${BEFORE}(${name.replace(SPECIAL, "\\$&")}${AFTER}[^;]*)`, "gi");
  return ({ headers }) => {
    const header = headers.get("cookie");
    if (header === null) return undefined;
    let text: string | undefined;
    for (const [, cookie] of header.matchAll(cookies)) {
      text = text === undefined ? cookie.trimEnd() : `${text};${cookie.trimEnd()}`;
    }
    return text;
  };
}
