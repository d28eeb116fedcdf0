/** Plain field lines. @module */

import type { Xorshift } from "./xorshift.ts";

const BLANKS = ["", " ", " ", "\t"];
const NAMES = [
  ...["Accept", "x-a", "X-Long-Name-Of-A-Field", "Cookie", "Set-Cookie", "Via", "ETag", "Server", "!#$%&'*+-.^_`|~9"],
  "Date",
];
const VALUES = [
  ...["*/*", "1", "", "a, b", 'W/"x"', "caf\xe9", "a=b; c=d", "Sat, 21 Nov 2026 10:00:00 GMT", "\tx \t", "a:b::c"],
  "\xff\xfe",
];

/** Up to five field lines that say nothing about framing, each ended by CRLF. */
export function plainFields(random: Xorshift): string {
  const line = () => `${random.pick(NAMES)}:${random.pick(BLANKS)}${random.pick(VALUES)}\r\n`;
  return random.times(0, 5, line).join("");
}
