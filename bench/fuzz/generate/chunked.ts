/** Chunked bodies. @module */

import type { Input } from "./input.ts";
import { mutate } from "./mutate.ts";
import type { Xorshift } from "./xorshift.ts";

const EXTENSIONS = ["", "", "", ";a", ";a=b", ';a="b;c"', "; a = b", ";\t", ";" + "e".repeat(1023)];
const TRAILERS = [
  ...["", "", "", "X-End: 1\r\n", "a:\r\nb: \xe9 \r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"],
];
const DATA = [
  ...["a", "hello", "0\r\n\r\n", "\r\n", "5\r\nhello\r\n", "GET / HTTP/1.1\r\n\r\n", "\0\xff".repeat(20)],
  "d".repeat(300),
];

/** A valid chunked body, its end included. */
export function chunkedBody(random: Xorshift): string {
  const chunks = random.times(0, 4, () => {
    const data = random.pick(DATA), size = data.length.toString(16);
    const digits = random.pick([size, size, size.toUpperCase(), size.padStart(random.below(14), "0")]);
    return `${digits}${random.pick(EXTENSIONS)}\r\n${data}\r\n`;
  });
  const zeros = "0".repeat(random.oneIn(9) ? 1 + random.below(14) : 1), extension = random.pick(EXTENSIONS);
  return `${chunks.join("")}${zeros}${extension}\r\n${random.pick(TRAILERS)}\r\n`;
}

/** A chunked body, valid or mutated, with perhaps something behind it. */
export function generateChunks(random: Xorshift): Input {
  const oddities: string[] = [], behind = random.pick(["", "", "HTTP/1.1 200 OK\r\n\r\n", "0\r\n\r\n"]);
  return { text: mutate(random, chunkedBody(random) + behind, oddities), method: "", oddities };
}
