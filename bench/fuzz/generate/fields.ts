/** Field lines: plain ones, and those that decide where a message ends. @module */

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

/**
 * Lines about framing as attackers and broken senders write them. Right ones and wrong ones; what the wrong ones have in
 * common is that some implementation somewhere has believed them.
 */
export const FRAMING_LINES: readonly string[] = [
  ...["Content-Length: 5", "content-length: 0", "Content-Length: 6", "CONTENT-LENGTH:5", "Content-Length: 005"],
  ...["Content-Length: +5", "Content-Length: -5", "Content-Length: 5 5", "Content-Length: 5, 5"],
  ...["Content-Length: 5,6", "Content-Length: 0x5", "Content-Length: 5\t", "Content-Length: \x0b5"],
  ...["Content-Length: 5\xa0", "Content-Length:", "Content-Length: 5;", 'Content-Length: "5"', "Content-Length: 5\0"],
  ...["Content-Length : 5", "Content-Length\t: 5", "Content-Length: 4294967301"],
  ...["Content-Length: 18446744073709551621", "Content_Length: 5", "Content-Length: 1e1", "\0Content-Length: 5"],
  ...[" Content-Length: 5", "X: y\nContent-Length: 5", "X: y\rContent-Length: 5", "Content-Length"],
  ...["Transfer-Encoding: chunked", "transfer-encoding:chunked", "Transfer-Encoding: Chunked"],
  ...["TRANSFER-ENCODING: CHUNKED", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: gzip, chunked"],
  ...["Transfer-Encoding: chunked, gzip", "Transfer-Encoding: identity", "Transfer-Encoding: chunked, identity"],
  ...["Transfer-Encoding: gzip", "Transfer-Encoding:", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunkedx"],
  ...["Transfer-Encoding: chunk", 'Transfer-Encoding: "chunked"', "Transfer-Encoding: chunked;q=1"],
  ...["Transfer-Encoding: chunked ", "Transfer-Encoding: \x0bchunked", "Transfer-Encoding:\tchunked"],
  ...["Transfer-Encoding: \xa0chunked", "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked"],
  ...["Transfer-Encoding\x0b: chunked", " Transfer-Encoding: chunked", "X: y\nTransfer-Encoding: chunked"],
  ...["X: y\rTransfer-Encoding: chunked", "Transfer_Encoding: chunked", "Transfer-Encoding: ,chunked"],
  ...["Transfer-Encoding: chunked,", "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: chunked\0"],
  ...["Connection: close", "Connection: keep-alive", "Connection: content-length"],
  ...["Connection: transfer-encoding, close", "Connection: host", "Connection: close, x-a", "Connection: close\xa0"],
  ...["Connection: \xa0x-a", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "TE: trailers"],
  ...["Trailer: content-length", "Upgrade: h2c", "Expect: 100-continue", "Expect: 200-ok"],
  "HTTP2-Settings: AAMAAABkAAQ",
];
