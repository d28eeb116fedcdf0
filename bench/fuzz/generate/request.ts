/** Requests of a client. @module */

import { chunkedBody } from "./chunked.ts";
import { plainFields } from "./fields.ts";
import type { Input } from "./input.ts";
import { mutate } from "./mutate.ts";
import { ODD_HOSTS, ODD_METHODS, ODD_TARGETS, ODD_VERSIONS } from "./request_parts.ts";
import type { Xorshift } from "./xorshift.ts";

const METHODS = ["GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
const TARGETS = ["/", "/a", "/a/b?c=d", "/a/b/", "/%7Euser/x;y=z", "/a?x=/../&y=%00", "/caf%C3%A9", "/a%2Fb", "/?"];
const HOSTS = ["a.example", "A.Example:80", "localhost", "127.0.0.1:8080", "[::1]", "[::1]:80", "a.example."];
const BODIES = [
  "",
  "hello",
  "0\r\n\r\n",
  "GET /smuggled HTTP/1.1\r\nHost: evil.example\r\n\r\n",
  "x=1&y=2",
  "\0\xff".repeat(30),
];

/** One request, sometimes two: valid, or odd in its choices, or mutated. */
export function generateRequest(random: Xorshift): Input {
  const oddities: string[] = [];
  const first = request(random, oddities);
  const text = random.oneIn(10) ? first + request(random, oddities) : first;
  return { text: mutate(random, text, oddities), method: "", oddities };
}

function request(random: Xorshift, oddities: string[]): string {
  const odd = (oneIn: number, name: string, usual: readonly string[], unusual: readonly string[]): string => {
    if (!random.oneIn(oneIn)) return random.pick(usual);
    oddities.push(name);
    return random.pick(unusual);
  };
  const method = odd(16, "method", METHODS, ODD_METHODS), target = odd(8, "target", TARGETS, ODD_TARGETS);
  const version = odd(20, "version", ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0"], ODD_VERSIONS);
  const host = odd(10, "host", HOSTS.map((host) => `Host: ${host}\r\n`), ODD_HOSTS);
  const fields = random.oneIn(2) ? host + plainFields(random) : plainFields(random) + host;
  return `${method} ${target} ${version}\r\n${fields}${framed(random, method)}`;
}

/** The framing field, the blank line and the body (RFC 9112 §6.3); most requests without one have no body. */
function framed(random: Xorshift, method: string): string {
  const bodiless = method === "GET" || method === "HEAD" || method === "DELETE" || method === "OPTIONS";
  if (bodiless ? !random.oneIn(6) : random.oneIn(8)) return "\r\n";
  if (random.oneIn(2)) return `Transfer-Encoding: chunked\r\n\r\n${chunkedBody(random)}`;
  const body = random.pick(BODIES);
  return `Content-Length: ${body.length}\r\n\r\n${body}`;
}
