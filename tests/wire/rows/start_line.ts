/** The request line: its three parts, the version, and what stands before it. @module */

import type { Row } from "../row.ts";
import { get, head, refused, refusedWith } from "../shorthand.ts";

const HOST = "Host: a.example";
const line = (text: string) => head(text, HOST);

/** Start lines that are no request line. */
const MALFORMED: readonly [name: string, line: string][] = [
  ["a space before the method", " GET / HTTP/1.1"],
  ["no method", " / HTTP/1.1"],
  ["two spaces before the target", "GET  / HTTP/1.1"],
  ["two spaces before the version", "GET /  HTTP/1.1"],
  ["a tab between the parts", "GET\t/\tHTTP/1.1"],
  ["a space behind the version", "GET / HTTP/1.1 "],
  ["a fourth part", "GET / x HTTP/1.1"],
  ["no target", "GET HTTP/1.1"],
  ["an empty target", "GET  HTTP/1.1"],
  ["a method with a parenthesis", "GE(T / HTTP/1.1"],
  ["a method with a colon", "GET: / HTTP/1.1"],
  ["a method with a byte above 0x7F", "G\xc9T / HTTP/1.1"],
  ["a NUL in the method", "G\0T / HTTP/1.1"],
  ["a control byte behind the version", "GET / HTTP/1.1\x01"],
  ["a bare CR in the request line", "GET /\r HTTP/1.1"],
];

/** What is no version of HTTP. */
const NO_VERSION: readonly [name: string, version: string][] = [
  ["in lower case", "http/1.1"],
  ["without its minor digit", "HTTP/1."],
  ["without a dot", "HTTP/11"],
  ["with a comma", "HTTP/1,1"],
  ["with two minor digits", "HTTP/1.10"],
  ["with two major digits", "HTTP/01.1"],
  ["with a letter", "HTTP/1.x"],
  ["of another protocol", "HTTPS/1.1"],
  ["with a sign", "HTTP/+1.1"],
  ["without its slash", "HTTP1.1"],
];

/** Requests that come in pieces. */
const SPLIT: readonly [name: string, pieces: readonly string[]][] = [
  ["byte by byte", [...get("/split", "X-A: b")]],
  ["between CR and LF", ["GET /split HTTP/1.1\r", "\nHost: a.example\r", "\n\r", "\n"]],
  ["inside the method, the target and the version", ["G", "ET /sp", "lit HTT", "P/1.1\r\nHost: a.example\r\n\r\n"]],
];

/** The runtime's parser has one status for all that it refuses. */
const PARSER_400: Row["serve"] = { why: "parserRefusals", expect: refusedWith(400) };
/** Nothing is lost by it: the origin sees one request, with CRLF. */
const TAKEN: Row["serve"] = { why: "bareLf", expect: { status: 200, after: "kept" } };

/** The rows. */
export const startLine: readonly Row[] = [
  {
    name: "a request line goes to the origin as it came",
    rfc: "9112 §3",
    send: get("/a/b"),
    expect: { status: 200, body: "ok", after: "kept", origin: { line: "GET /a/b HTTP/1.1" } },
  },
  ...SPLIT.map(([name, send]): Row => ({
    name: `a head that comes ${name}`,
    rfc: "9112 §2.2",
    send,
    expect: { status: 200, after: "kept", origin: { line: "GET /split HTTP/1.1" } },
  })),
  ...MALFORMED.map(([name, text]) => refused(name, "9112 §3", line(text))),
  ...NO_VERSION.map(([name, version]) => refused(`a version ${name}`, "9112 §2.3", line(`GET / ${version}`))),
  ...["HTTP/1.2", "HTTP/1.9"].map((version): Row => ({
    name: `${version}, of which nobody knows more than of HTTP/1.1`,
    rfc: "9110 §6.2",
    send: line(`GET /later ${version}`),
    expect: { status: 200, after: "kept", origin: { line: "GET /later HTTP/1.1" } },
    serve: PARSER_400,
  })),
  {
    name: "a line as of HTTP/0.9, and nothing behind it",
    rfc: "9112 §2.3",
    send: "GET /\r\n",
    expect: refusedWith(400),
    serve: { why: "parserRefusals", expect: null },
  },
  refused("no version, as in HTTP/0.9", "9112 §2.3", "GET /\r\n\r\n"),
  refused("HTTP/0.9 with its name", "9110 §15.6.6", line("GET / HTTP/0.9"), [400, 505]),
  refused("HTTP/2.0 in a request line", "9110 §15.6.6", line("GET / HTTP/2.0"), 505, PARSER_400),
  refused("HTTP/3.0 in a request line", "9110 §15.6.6", line("GET / HTTP/3.0"), 505, PARSER_400),
  {
    name: "the preface of HTTP/2",
    rfc: "9113 §3.4",
    send: async ({ client }) => {
      await client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      await client.more();
    },
    expect: refusedWith([400, 505]),
    // A SETTINGS frame.
    serve: {
      why: "http2Cleartext",
      expect: { answers: [], contains: ["\x04\0\0\0\0\0"], lacks: ["HTTP/1.1"], after: "unchecked", origin: "nothing" },
    },
  },
  refused("the start of a TLS handshake", "9112 §3", "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n"),
  refused("a banner of another protocol", "9112 §3", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
  refused("an answer instead of a request", "9112 §2.1", "HTTP/1.1 200 OK\r\nHost: a.example\r\n\r\n"),
  refused("lines ended by LF alone", "9112 §2.2", "GET / HTTP/1.1\nHost: a.example\n\n", 400, TAKEN),
  refused("a request line ended by LF alone", "9112 §2.2", "GET / HTTP/1.1\nHost: a.example\r\n\r\n", 400, TAKEN),
  refused("a head ended by LF alone", "9112 §2.2", "GET / HTTP/1.1\r\nHost: a.example\r\n\n", 400, TAKEN),
  refused("lines ended by CR alone", "9112 §2.2", "GET / HTTP/1.1\rHost: a.example\r\r\r\n\r\n"),
  refused(
    "white space between request line and fields",
    "9112 §2.2",
    "GET / HTTP/1.1\r\n X: y\r\nHost: a.example\r\n\r\n",
  ),
  {
    name: "an empty line before the request line",
    rfc: "9112 §2.2",
    send: "\r\n" + get("/"),
    expect: { status: 200, after: "kept" },
  },
  {
    name: "two empty lines before the request line",
    rfc: "9112 §2.2",
    send: "\r\n\r\n" + get("/"),
    expect: { status: 200, after: "kept" },
  },
  {
    name: "an empty line behind a body, before the next request",
    rfc: "9112 §2.2",
    send: head("POST /1 HTTP/1.1", HOST, "Content-Length: 3") + "abc\r\n" + get("/2"),
    methods: ["POST", "GET"],
    expect: {
      answers: [{ status: 200 }, { status: 200 }],
      after: "kept",
      origin: [{ line: "POST /1 HTTP/1.1", body: "abc" }, { line: "GET /2 HTTP/1.1" }],
    },
  },
  {
    name: "empty lines without end",
    rfc: "9112 §2.2",
    send: "\r\n".repeat(40_000) + get("/"),
    expect: { status: [400, 431], after: "ended", origin: "nothing" },
  },
];
