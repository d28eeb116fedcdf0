/** Requests of a client. @module */

import { chunkedBody } from "./chunked.ts";
import { plainFields } from "./fields.ts";
import type { Input } from "./input.ts";
import { mutate } from "./mutate.ts";
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

/** Methods: not a token, unknown, of another case, or with a meaning of their own for a proxy. */
const ODD_METHODS: readonly string[] = [
  ...["get", "Get", "CONNECT", "TRACE", "PURGE", "PROPFIND", "QUERY", "PRI", "FOO", "G E T", "GET\t", "", " GET"],
  ...["GE\0T", "(GET)", "X".repeat(300), "POST\r\n", "\xffGET", "M-SEARCH", "BREW", "*"],
];

/** Targets: of every form, and paths that one reader folds and another does not. */
const ODD_TARGETS: readonly string[] = [
  ...["*", "http://b.example/x", "HTTP://b.example:81/x?y", "https://b.example/", "http://b.example", "http:///x"],
  ...["ftp://b/x", "http://u:p@b.example/", "http://b.example\\@evil/", "//evil.example/x", "///x", "a.example:80"],
  ...["x", "?x", "", "b.example/x", "/../x", "/a/../../x", "/a/./b", "/a/%2e%2e/x", "/a/%2E/x", "/a%2F..%2Fx"],
  ...["/a/..%2fx", "/a/..;/x", "/..\\x", "/a\\b", "/%5c..", "/a//b", "/a%", "/a%0", "/a%zz", "/a%00b", "/a%0d%0aX:y"],
  ...["/a%25%32%66", "/a#b", "/a?b#c", "/a b", "/a\tb", "/\x80", "/caf\xe9", "/a?b c", "/a?\xe9", '/{a}|^`<>"'],
  ...["/\x7f", "/\x01", "/" + "a".repeat(3000), "/?" + "q".repeat(3000), "/.", "/..", "/a/.", "/%2F"],
];

const ODD_HOST_VALUES = [
  ...["", " ", "a b", "a,b", "a.example,evil.example", "a/b", "a?b", "a#b", "u@a.example", "a.example:"],
  ...["a.example:x", "a.example:99999", "a.example:-1", "a.example:80:80", "[::1", "::1", "[::1]x", "[v1.a]"],
  ...["[fe80::1%25eth0]", "a..b", ".a", "a_b", "-a-", "127.1", "0x7f.1", "a%2eb", "a\\b", "a\tb", "\xe9.example"],
  ...["x\0y", "*", "a.example\r\n x", "a".repeat(300), "{a}", "(a)", "a|b"],
];

/** Host lines, CRLF included: none, two, or one that is no authority. */
const ODD_HOSTS: readonly string[] = [
  ...["", "Host: a.example\r\nHost: a.example\r\n", "Host: a.example\r\nHost: evil.example\r\n"],
  ...ODD_HOST_VALUES.map((value) => `Host: ${value}\r\n`),
  ...["Host : a.example\r\n", "Host\r\n", "host:\ta.example\t\r\n", " Host: a.example\r\n"],
  "X-Host: a.example\r\nHOST: b.example\r\n",
];

/** Versions: of other protocols, and what is none. */
const ODD_VERSIONS: readonly string[] = [
  ...["HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/1.", "HTTP/1", "HTTP/01.1", "HTTP/1.10", "http/1.1", "HTTP /1.1"],
  ...["HTTP/1.1 ", "HTTP/1.1\t", "HTTPS/1.1", "HTTP/9.9", "HTTP/1.1x", "HTTP/1,1", "", "HTTP/-1.1", "HTTP/1.01"],
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
