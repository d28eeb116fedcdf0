/** Answers of an origin. @module */

import { chunkedBody } from "./chunked.ts";
import { plainFields } from "./fields.ts";
import type { Input } from "./input.ts";
import { mutate } from "./mutate.ts";
import type { Xorshift } from "./xorshift.ts";

const STATUSES = [
  ...["200 OK", "200 OK", "201 Created", "204 No Content", "304 Not Modified", "404 Not Found", "500 ", "302"],
  "599 caf\xe9",
];
const ODD_STATUSES = [
  ...["099 X", "600 X", "2000 X", "20 X", "2O0 X", "+20 X", "200OK", "101 Switching Protocols", "100 Continue"],
];
const ODD_VERSIONS = [
  ...["HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/1.", "HTTP/01.1", "HTTP/1.10", "http/1.1", "HTTP /1.1", "HTTPS/1.1"],
  ...["ICY", ""],
];
const BODIES = [
  "",
  "hello",
  "0\r\n\r\n",
  "a\r\nb\r\n\r\n",
  "HTTP/1.1 200 OK\r\n\r\n",
  "\0\xff".repeat(50),
  "x".repeat(700),
];
const INFORMATIONAL = ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"];

/** An answer to a GET or HEAD: valid, or odd in its choices, or mutated. */
export function generateResponse(random: Xorshift): Input {
  const oddities: string[] = [], method = random.oneIn(12) ? "HEAD" : "GET";
  const odd = <T>(oneIn: number, name: string, usual: readonly T[], unusual: readonly T[]): T => {
    if (!random.oneIn(oneIn)) return random.pick(usual);
    oddities.push(name);
    return random.pick(unusual);
  };
  const version = odd(16, "version", ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0"], ODD_VERSIONS);
  const status = odd(16, "status", STATUSES, ODD_STATUSES);
  const informational = odd(16, "informational", [""], INFORMATIONAL);
  const head = `${informational}${version} ${status}\r\n${plainFields(random)}`;
  return { text: mutate(random, head + framed(random, status), oddities), method, oddities };
}

/** The rest of the head and the body, framed in one of the ways of RFC 9112 §6.3. */
function framed(random: Xorshift, status: string): string {
  const fields = plainFields(random), body = /^(?:1|204|304)/.test(status) ? "" : random.pick(BODIES);
  switch (random.below(4)) {
    case 0:
      return `Transfer-Encoding: chunked\r\n${fields}\r\n${chunkedBody(random)}`;
    case 1:
      return `${fields}\r\n${body}`;
    default:
      return `Content-Length: ${body.length}\r\n${fields}\r\n${body}`;
  }
}
