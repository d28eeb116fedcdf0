/** Host: exactly one, and one that can be routed on. @module */

import type { Row } from "../row.ts";
import { get, head, refused, turnedDown, turnedDownWith } from "../shorthand.ts";

const to = (...hosts: string[]) => head("GET / HTTP/1.1", ...hosts.map((host) => `Host: ${host}`), "Accept: */*");

/** Values that are no host. */
const BAD: readonly [name: string, host: string][] = [
  ["empty", ""],
  ["with a space", "a b"],
  ["with a path", "a.example/x"],
  ["with a query", "a.example?x"],
  ["with a fragment", "a.example#x"],
  ["with user information", "u@a.example"],
  ["with a scheme", "http://a.example"],
  ["with a backslash", "a.example\\x"],
  ["with an escape", "a%2eexample"],
  ["with an empty label", "a..example"],
  ["that starts with a dot", ".example"],
  ["with a comma", "a.example, b.example"],
  ["with a port that is no number", "a.example:http"],
  ["with a port out of range", "a.example:65536"],
  ["with a negative port", "a.example:-1"],
  ["with two ports", "a.example:80:80"],
  ["of a port alone", ":80"],
  ["with an IPv6 address without brackets", "::1"],
  ["with a bracket left open", "[::1"],
  ["with a bad IPv6 address", "[::g]"],
  ["with a zone", "[fe80::1%25eth0]"],
  ["with text behind the bracket", "[::1]x"],
  ["with a short IPv4 address", "127.1"],
  ["with an IPv4 address in hex", "0x7f.0.0.1"],
  ["with an IPv4 number out of range", "256.0.0.1"],
  ["with a byte above 0x7F", "caf\xe9.example"],
  ["with an asterisk", "*.example"],
  ["of 300 characters", "a".repeat(300)],
];

/** Values that are hosts, and reach the origin as they came. */
const GOOD: readonly [name: string, host: string][] = [
  ["with a port", "a.example:8080"],
  ["in upper case", "A.Example"],
  ["with a final dot", "a.example."],
  ["with an IPv4 address", "192.0.2.1:80"],
  ["with an IPv6 address", "[2001:db8::1]:8080"],
  ["with the largest port", "a.example:65535"],
  ["with an underscore", "my_service"],
];

/** The rows. */
export const host: readonly Row[] = [
  ...GOOD.map(([name, value]): Row => ({
    name: `a Host ${name}`,
    rfc: "9112 §3.2",
    send: to(value),
    expect: { status: 200, after: "kept", origin: { fields: { host: [value] } } },
  })),
  {
    name: "a Host in odd case, without white space before its value and with some behind it",
    rfc: "9112 §5",
    send: head("GET / HTTP/1.1", "hOsT:a.example \t "),
    expect: { status: 200, after: "kept", origin: { fields: { host: ["a.example"] } } },
  },
  {
    name: "a Host that is not the first field",
    rfc: "9110 §7.2",
    send: head("GET / HTTP/1.1", "Accept: */*", "Host: a.example"),
    expect: { status: 200, after: "kept", origin: { fields: { host: ["a.example"] } } },
  },
  ...BAD.map(([name, value]) => turnedDown(`a Host ${name}`, "9112 §3.2", to(value))),
  turnedDown("no Host", "9112 §3.2", to()),
  turnedDown("two Hosts", "9112 §3.2", to("a.example", "b.example")),
  turnedDown("two equal Hosts", "9112 §3.2", to("a.example", "a.example")),
  refused(
    "a second Host that hides behind a space",
    "9112 §5.1",
    head("GET / HTTP/1.1", "Host: a.example", "Host : b"),
  ),
  turnedDown(
    "an absolute target without Host",
    "9112 §3.2.2",
    head("GET http://a.example/ HTTP/1.1", "Accept: */*"),
    400,
    {
      why: "missingHost",
      expect: { status: 200, after: "kept" },
    },
  ),
  turnedDown(
    "an absolute target with two Hosts",
    "9112 §3.2.2",
    head("GET http://a.example/ HTTP/1.1", "Host: a.example", "Host: a.example"),
  ),
  turnedDown(
    "an absolute target with a bad Host",
    "9112 §3.2",
    get("http://a.example/").replace("Host: a.example", "Host: a b"),
  ),
  turnedDown("two Hosts in HTTP/1.0", "9112 §3.2", head("GET / HTTP/1.0", "Host: a.example", "Host: b.example")),
  turnedDown("a bad Host in HTTP/1.0", "9112 §3.2", head("GET / HTTP/1.0", "Host: a/b")),
  {
    name: "no Host in HTTP/1.0, which does not know it",
    rfc: "9112 §3.2",
    send: head("GET /old HTTP/1.0"),
    expect: { status: 200, after: "closed", origin: { line: "GET /old HTTP/1.1" } },
    serve: { why: "missingHost", expect: turnedDownWith(400) },
  },
];
