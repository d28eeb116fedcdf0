/** Answers that are none: 502, whatever they claim, and not a byte of them reaches the client. @module */

import { answer } from "../../support/scripted_origin.ts";
import type { Row } from "../row.ts";
import { closing, get } from "../shorthand.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const SECRET = "x-secret: poison\r\n";
const length = "content-length: 2\r\n";

/** Answers and their section; each has `poison` in it, so that a byte of it would be seen. */
const BAD: readonly [name: string, rfc: string, bytes: string][] = [
  ["with two lengths", "9112 §6.3", OK + SECRET + length + "content-length: 3\r\n\r\nhi"],
  ["with two equal lengths", "9112 §6.3", OK + SECRET + length + length + "\r\nhi"],
  ["with a list of lengths", "9112 §6.3", OK + SECRET + "content-length: 2, 2\r\n\r\nhi"],
  ["with a signed length", "9112 §6.3", OK + SECRET + "content-length: +2\r\n\r\nhi"],
  ["with a length in hex", "9112 §6.3", OK + SECRET + "content-length: 0x2\r\n\r\nhi"],
  ["with an empty length", "9112 §6.3", OK + SECRET + "content-length:\r\n\r\nhi"],
  ["with a length of 20 digits", "9112 §6.3", OK + SECRET + "content-length: 99999999999999999999\r\n\r\n"],
  ["with a length and chunks", "9112 §6.3", OK + SECRET + length + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["with gzip before chunked", "9112 §6.1", OK + SECRET + "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n"],
  ["with gzip as its framing", "9112 §6.1", OK + SECRET + "transfer-encoding: gzip\r\n\r\nx"],
  ["with an unknown coding", "9112 §6.1", OK + SECRET + "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n"],
  [
    "with chunked twice",
    "9112 §6.1",
    OK + SECRET + "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  [
    "of HTTP/1.0 in chunks",
    "9112 §6.1",
    "HTTP/1.0 200 OK\r\n" + SECRET + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["with a bad chunk size", "9112 §7.1", OK + SECRET + "transfer-encoding: chunked\r\n\r\nzz\r\npoison"],
  ["with a negative chunk size", "9112 §7.1", OK + SECRET + "transfer-encoding: chunked\r\n\r\n-2\r\nhi\r\n0\r\n\r\n"],
  [
    "with a chunk longer than its size",
    "9112 §7.1",
    OK + SECRET + "transfer-encoding: chunked\r\n\r\n2\r\nhix\r\n0\r\n\r\n",
  ],
  ["with LF behind a chunk size", "9112 §7.1", OK + SECRET + "transfer-encoding: chunked\r\n\r\n2\nhi\r\n0\r\n\r\n"],
  ["with a status of two digits", "9112 §4", "HTTP/1.1 99 Odd\r\n" + SECRET + length + "\r\nhi"],
  ["with a status below 100", "9112 §4", "HTTP/1.1 099 Odd\r\n" + SECRET + length + "\r\nhi"],
  ["with a status above 599", "9110 §15", "HTTP/1.1 600 Odd\r\n" + SECRET + length + "\r\nhi"],
  ["with a status of four digits", "9112 §4", "HTTP/1.1 2000 Odd\r\n" + SECRET + length + "\r\nhi"],
  ["with a letter in its status", "9112 §4", "HTTP/1.1 2O0 OK\r\n" + SECRET + length + "\r\nhi"],
  ["with a signed status", "9112 §4", "HTTP/1.1 +20 OK\r\n" + SECRET + length + "\r\nhi"],
  ["without a status", "9112 §4", "HTTP/1.1\r\n" + SECRET + length + "\r\nhi"],
  ["without a space before its status", "9112 §4", "HTTP/1.1200 OK\r\n" + SECRET + length + "\r\nhi"],
  ["with two spaces before its status", "9112 §4", "HTTP/1.1  200 OK\r\n" + SECRET + length + "\r\nhi"],
  ["of HTTP/2.0", "9112 §4", "HTTP/2.0 200 OK\r\n" + SECRET + length + "\r\nhi"],
  ["of a protocol in lower case", "9112 §4", "http/1.1 200 OK\r\n" + SECRET + length + "\r\nhi"],
  ["of another protocol", "9112 §4", "ICY 200 OK\r\n" + SECRET + length + "\r\nhi"],
  ["without a head, as in HTTP/0.9", "9112 §4", "poison poison\r\n\r\n"],
  ["with an empty line before it", "9112 §4", "\r\n" + OK + SECRET + length + "\r\nhi"],
  ["with a control byte in its reason", "9112 §4", "HTTP/1.1 200 O\0K\r\n" + SECRET + length + "\r\nhi"],
  ["with lines ended by LF", "9112 §2.2", "HTTP/1.1 200 OK\nx-secret: poison\ncontent-length: 2\n\nhi"],
  ["with one line ended by LF", "9112 §2.2", OK + "x-secret: poison\n" + length + "\r\nhi"],
  ["with a bare CR in a value", "9112 §2.2", OK + "x-secret: poi\rson\r\n" + length + "\r\nhi"],
  ["with a folded line", "9112 §5.2", OK + "x-secret: a\r\n poison\r\n" + length + "\r\nhi"],
  ["with a space before a colon", "9112 §5.1", OK + "x-secret : poison\r\n" + length + "\r\nhi"],
  ["with a field without a name", "9112 §5", OK + ": poison\r\n" + length + "\r\nhi"],
  ["with a line without a colon", "9112 §5", OK + "poison\r\n" + length + "\r\nhi"],
  ["with a name that is no token", "9112 §5.1", OK + "x(y): poison\r\n" + length + "\r\nhi"],
  ["with a NUL in a value", "9110 §5.5", OK + "x-secret: poi\0son\r\n" + length + "\r\nhi"],
  ["with a control byte in a value", "9110 §5.5", OK + "x-secret: poi\x01son\r\n" + length + "\r\nhi"],
  ["with a head of 70 KB", "9110 §5.4", OK + `x-secret: ${"poison".repeat(12_000)}\r\n\r\n`],
  ["with a head without end", "9110 §5.4", OK + `x-secret: ${"poison".repeat(50_000)}`],
  ["with 2000 fields", "9110 §5.4", OK + "x: poison\r\n".repeat(2000) + length + "\r\nhi"],
];

/** Origins that go away before there is a head. */
const GONE: readonly [name: string, origin: Row["origin"]][] = [
  ["that closes without an answer", closing()],
  ["that closes in the status line", closing("HTTP/1.1 20")],
  ["that closes in a field", closing(OK + "x-secret: poi")],
  ["that closes before the empty line", closing(OK + SECRET)],
  ["that resets the connection", (request) => request.connection.reset()],
  ["that resets the connection in the head", async (request) => {
    await request.send(OK + SECRET);
    await request.connection.reset();
  }],
];

/** The rows. */
export const responseMalformed: readonly Row[] = [
  ...BAD.map(([name, rfc, bytes]): Row => ({
    name: `an answer ${name}: 502`,
    rfc,
    send: get("/"),
    origin: bytes,
    expect: { status: 502, after: "kept", lacks: ["poison", "x-secret"] },
  })),
  ...GONE.map(([name, origin]): Row => ({
    name: `an origin ${name}: 502`,
    rfc: "9110 §15.6.3",
    send: get("/"),
    origin,
    expect: { status: 502, after: "kept", lacks: ["x-secret"] },
  })),
  {
    name: "a malformed answer is not repaired by asking again",
    rfc: "9110 §9.2.2",
    send: get("/"),
    origin: ["HTTP/1.1 2O0 OK\r\n\r\n", answer(200, "second")],
    expect: { status: 502, after: "kept", origin: [{}] },
  },
];
