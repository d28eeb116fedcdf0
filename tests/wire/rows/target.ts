/** The request target in its four forms, and the one form in which a path reaches the origin. @module */

import type { Row } from "../row.ts";
import { get, head, turnedDown } from "../shorthand.ts";

/** Targets that reach the origin byte for byte. */
const KEPT: readonly [name: string, target: string][] = [
  ["the root", "/"],
  ["a slash at the end", "/a/b/"],
  ["slashes in a row", "//a///b"],
  ["a path that looks like an authority", "//b.example/x"],
  ["sub-delimiters", "/:x@y!$&'()*+,;=~-._"],
  ["characters that browsers send raw", '/{a}|b^c"<d>`'],
  ["brackets", "/a[0]"],
  ["an escaped space", "/a%20b"],
  ["an escaped slash in upper case", "/a%2Fb"],
  ["an escape that must stay", "/%3Fx%23y%25z"],
  ["an escaped byte above 0x7F", "/caf%C3%A9"],
  ["an asterisk as a path", "/*"],
  ["three dots", "/.../a"],
  ["an empty query", "/?"],
  ["a query of question marks", "/x????"],
  ["a query with an escape that is none", "/x?a=%zz&b=%"],
  ["a query with dot segments", "/x?a=/../b/./c"],
  ["a query with escapes of plain characters", "/x?%41=%2e%2f"],
  ["a query with raw brackets, bars and quotes", '/x?a[]=b|c&d={e}"<f>^`\\'],
  ["a query with a plus", "/x?a+b=c%2Bd"],
];

/** Paths that reach the origin in their canonical form (RFC 3986 §6.2.2). */
const CANONICAL: readonly [name: string, sent: string, seen: string][] = [
  ["an escaped letter", "/%41%7e", "/A~"],
  ["an escaped slash in lower case", "/a%2fb", "/a%2Fb"],
  ["a dot segment", "/a/./b", "/a/b"],
  ["two dots", "/a/../b", "/b"],
  ["two dots above the root", "/../../b", "/b"],
  ["two dots at the end", "/a/b/..", "/a/"],
  ["escaped dots", "/a/%2e%2E/b", "/b"],
  ["a dot and an escaped dot", "/a/.%2e/b", "/b"],
];

/** Absolute targets; their authority is the host (RFC 9112 §3.2.2). */
const ABSOLUTE: readonly [name: string, target: string, line: string, host: string][] = [
  ["in absolute form", "http://b.example/x?y=1", "/x?y=1", "b.example"],
  ["in absolute form with a port", "http://b.example:8080/x", "/x", "b.example:8080"],
  ["in absolute form without a path", "http://b.example", "/", "b.example"],
  ["in absolute form with a query but no path", "http://b.example?q", "/?q", "b.example"],
  ["in absolute form with its scheme in upper case", "HTTP://b.example/x", "/x", "b.example"],
  ["in absolute form that speaks of https", "https://b.example/x", "/x", "b.example"],
  ["in absolute form with an IPv6 address", "http://[::1]:80/x", "/x", "[::1]:80"],
];

/** Targets that are none. */
const BAD: readonly [name: string, target: string][] = [
  ["with a fragment", "/a#b"],
  ["of a fragment alone", "/#"],
  ["with a fragment in its query", "/a?b#c"],
  ["with a space", "/a b"],
  ["with a control byte", "/a\x01b"],
  ["with a tab", "/a\tb"],
  ["with a NUL", "/a\0b"],
  ["with a DEL", "/a\x7fb"],
  ["with raw UTF-8", "/caf\xc3\xa9"],
  ["with raw UTF-8 in its query", "/?caf\xc3\xa9"],
  ["with a control byte in its query", "/?a\x1fb"],
  ["with an escape of other characters", "/%zz"],
  ["with an escape cut short", "/a%4"],
  ["with a percent sign at its end", "/a%"],
  ["with an escaped NUL", "/a%00b"],
  ["with an escaped line end", "/a%0d%0aX:%20y"],
  ["with a backslash", "/a\\b"],
  ["with dots beside an escaped slash", "/a/..%2fb"],
  ["with escaped dots and an escaped slash", "/a/%2e%2e%2fb"],
  ["with dots beside an escaped backslash", "/a/..%5cb"],
  ["with dots and a parameter", "/a/..;x/b"],
  ["without its slash", "a/b"],
  ["that is a host and a path", "b.example/x"],
  ["of another scheme", "ftp://b.example/x"],
  ["with a scheme alone", "http://"],
  ["with a scheme and one slash", "http:/b.example/x"],
  ["with user information", "http://u:p@b.example/x"],
  ["in absolute form with a port out of range", "http://b.example:99999/x"],
  ["in absolute form with a bad host", "http://b..example/x"],
  ["in absolute form with a fragment", "http://b.example/x#y"],
  ["in authority form for GET", "b.example:80"],
  ["in asterisk form for GET", "*"],
  ["that starts with a question mark", "?x"],
];

/** The rows. */
export const target: readonly Row[] = [
  ...KEPT.map(([name, sent]): Row => ({
    name: `a target with ${name} is forwarded byte for byte`,
    rfc: "9110 §7.1",
    send: get(sent),
    expect: { status: 200, after: "kept", origin: { line: `GET ${sent} HTTP/1.1` } },
  })),
  ...CANONICAL.map(([name, sent, seen]): Row => ({
    name: `a target with ${name} is forwarded in its canonical form`,
    rfc: "3986 §6.2.2",
    send: get(sent),
    expect: { status: 200, after: "kept", origin: { line: `GET ${seen} HTTP/1.1` } },
  })),
  ...ABSOLUTE.map(([name, sent, seen, authority]): Row => ({
    name: `a target ${name}`,
    rfc: "9112 §3.2.2",
    send: get(sent),
    expect: {
      status: 200,
      after: "kept",
      origin: {
        line: `GET ${seen} HTTP/1.1`,
        fields: { host: [authority], "x-forwarded-host": authority, "x-forwarded-proto": "http" },
      },
    },
  })),
  ...BAD.map(([name, sent]) => turnedDown(`a target ${name}`, "9112 §3.2", get(sent))),
  {
    name: "OPTIONS * is answered here",
    rfc: "9110 §9.3.7",
    send: head("OPTIONS * HTTP/1.1", "Host: a.example"),
    expect: { status: [200, 204], fields: { allow: /\bGET\b.*\bOPTIONS\b/ }, after: "kept", origin: "nothing" },
  },
  {
    name: "OPTIONS /* is about a path",
    rfc: "9112 §3.2.4",
    send: head("OPTIONS /* HTTP/1.1", "Host: a.example"),
    expect: { status: 200, body: "ok", after: "kept", origin: { line: "OPTIONS /* HTTP/1.1" } },
    serve: { why: "asterisk", expect: { status: [200, 204], after: "kept", origin: "nothing" } },
  },
  turnedDown("a target with a scheme and no host", "9110 §4.2.1", get("http:///x"), 400, {
    why: "noHostTarget",
    expect: { status: 200, after: "kept", origin: { line: "GET /http:///x HTTP/1.1", fields: { host: "a.example" } } },
  }),
  turnedDown("OPTIONS * with a query", "9112 §3.2.4", head("OPTIONS *?x HTTP/1.1", "Host: a.example")),
];
