/** Requests that two readers would part differently: refused, or read in the one way that the origin sees too. @module */

import type { Row } from "../row.ts";
import { chunked, get, head, post, refused, refusedWith, turnedDownWith } from "../shorthand.ts";

const SECTION = "9112 §11.2";
const SMUGGLED = "GET /admin HTTP/1.1\r\nHost: a.example\r\n\r\n";
const END = "0\r\n\r\n";

/** Both framings in one request, whichever of them a reader would believe. */
const BOTH: readonly [name: string, fields: readonly string[], body: string][] = [
  ["Content-Length before Transfer-Encoding", ["Content-Length: 5", "Transfer-Encoding: chunked"], END],
  ["Transfer-Encoding before Content-Length", ["Transfer-Encoding: chunked", "Content-Length: 5"], END],
  ["a length of 0 beside chunked", ["Content-Length: 0", "Transfer-Encoding: chunked"], END + SMUGGLED],
  ["a length that hides a second request behind the chunks", [
    `Content-Length: ${(END + SMUGGLED).length}`,
    "Transfer-Encoding: chunked",
  ], END + SMUGGLED],
  ["a bad length beside chunked", ["Content-Length: x", "Transfer-Encoding: chunked"], END],
  ["a length between two Transfer-Encodings", [
    "Transfer-Encoding: chunked",
    "Content-Length: 5",
    "Transfer-Encoding: chunked",
  ], END],
  ["a length beside an unknown coding", ["Content-Length: 5", "Transfer-Encoding: xchunked"], END],
];

/** Transfer codings that are not exactly `chunked`, and the status of each. */
const CODINGS: readonly [name: string, status: number | readonly number[], ...values: string[]][] = [
  ["gzip before chunked", 501, "gzip, chunked"],
  ["gzip alone", 501, "gzip"],
  ["identity", 501, "identity"],
  ["identity before chunked", [400, 501], "identity, chunked"],
  ["a word that ends in chunked", 501, "xchunked"],
  ["a word that starts with chunked", 501, "chunkedx"],
  ["chunked twice", 400, "chunked, chunked"],
  ["chunked in two fields", 400, "chunked", "chunked"],
  ["chunked before gzip", 400, "chunked, gzip"],
  ["chunked before identity, in two fields", 400, "chunked", "identity"],
  ["identity before chunked, in two fields", [400, 501], "identity", "chunked"],
  ["chunked with a parameter", [400, 501], "chunked;q=1"],
  ["chunked in quotes", [400, 501], '"chunked"'],
  ["chunked behind a comma", [400, 501], ",chunked"],
  ["chunked before a comma", [400, 501], "chunked,"],
  ["chunked with a space inside", [400, 501], "chunk ed"],
  ["no coding", 400, ""],
  ["chunked behind a vertical tab", [400, 501], "\x0bchunked"],
  ["chunked behind a no-break space", [400, 501], "\xa0chunked"],
  ["chunked before a NUL", [400, 501], "chunked\0"],
  ["chunked with a byte above 0x7F", [400, 501], "chun\xeb\xe9d"],
];

/** Fields that some readers take for Transfer-Encoding. */
const HIDDEN: readonly [name: string, field: string][] = [
  ["behind a space before its colon", "Transfer-Encoding : chunked"],
  ["behind a tab before its colon", "Transfer-Encoding\t: chunked"],
  ["behind a space at the start of its line", " Transfer-Encoding: chunked"],
  ["behind a bare LF", "X: y\nTransfer-Encoding: chunked"],
  ["behind a bare CR", "X: y\rTransfer-Encoding: chunked"],
  ["behind a NUL", "X: y\0Transfer-Encoding: chunked"],
  ["on the line after its name", "Transfer-Encoding:\r\n chunked"],
  ["with a NUL in its name", "Transfer-\0Encoding: chunked"],
  ["with a soft hyphen in its name", "Transfer\xadEncoding: chunked"],
  ["with a control byte before its name", "\x01Transfer-Encoding: chunked"],
];

/** Codings that the runtime's parser refuses itself, where this gateway would say 501. */
const PARSER_400: ReadonlySet<string> = new Set([
  "gzip alone",
  "identity",
  "a word that ends in chunked",
  "a word that starts with chunked",
]);

function onServe(name: string): Row["serve"] {
  if (PARSER_400.has(name)) return { why: "parserRefusals", expect: refusedWith(400) };
  return name === "gzip before chunked" ? { why: "openAfterRefusal", expect: turnedDownWith(501) } : undefined;
}

/** The rows. */
export const smuggling: readonly Row[] = [
  ...BOTH.map(([name, fields, body]) => refused(name, "9112 §6.1", post(fields, body), [400, 501])),
  ...CODINGS.map(([name, status, ...values]) =>
    refused(
      `Transfer-Encoding: ${name}`,
      "9112 §6.1",
      post(values.map((value) => `Transfer-Encoding: ${value}`), END),
      status,
      onServe(name),
    )
  ),
  refused(
    "GET with gzip before chunked",
    "9112 §6.1",
    get("/", "Transfer-Encoding: gzip, chunked") + END,
    501,
    onServe("gzip before chunked"),
  ),
  ...HIDDEN.map(([name, field]) =>
    refused(`a Transfer-Encoding ${name}, beside a length`, SECTION, post(["Content-Length: 5", field], END))
  ),
  refused(
    "chunked in HTTP/1.0",
    "9112 §6.1",
    head("POST / HTTP/1.0", "Host: a.example", "Transfer-Encoding: chunked") + END,
  ),
  refused(
    "chunked in HTTP/1.0 that wants to be kept",
    "9112 §6.1",
    head("POST / HTTP/1.0", "Host: a.example", "Connection: keep-alive", "Transfer-Encoding: chunked") + END + SMUGGLED,
  ),
  {
    name: "fields that only CGI would take for framing do not reach the origin",
    rfc: SECTION,
    send: post(["Content_Length: 50", "Transfer_Encoding: chunked", "Content-Length: 5"], "hello"),
    expect: {
      status: 200,
      after: "kept",
      origin: { framing: "length", body: "hello", fields: { content_length: null, transfer_encoding: null } },
    },
  },
  {
    name: "a request in the body of a GET is its body",
    rfc: SECTION,
    send: get("/public", `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
    expect: { status: 200, after: "kept", origin: { line: "GET /public HTTP/1.1", body: SMUGGLED } },
    serve: { why: "bodilessMethods", expect: turnedDownWith(400) },
  },
  {
    name: "a request behind the last chunk is the next request",
    rfc: SECTION,
    send: chunked("3\r\nabc\r\n" + END) + SMUGGLED,
    methods: ["POST", "GET"],
    expect: {
      answers: [{ status: 200 }, { status: 200 }],
      after: "kept",
      origin: [{ line: "POST / HTTP/1.1", body: "abc" }, { line: "GET /admin HTTP/1.1" }],
    },
  },
  ...["Content-Length", "Host", "Content-Length, Host"].map((named): Row => ({
    name: `Connection: ${named} takes nothing away`,
    rfc: "9110 §7.6.1",
    send: post(["Content-Length: 5", `Connection: ${named}`], "hello"),
    expect: {
      status: 200,
      after: "kept",
      origin: {
        framing: "length",
        body: "hello",
        fields: { host: ["a.example"], "content-length": ["5"], connection: null },
      },
    },
  })),
  {
    name: "Connection: Transfer-Encoding takes no framing away",
    rfc: "9110 §7.6.1",
    send: chunked("5\r\nhello\r\n" + END, "Connection: Transfer-Encoding"),
    expect: { status: 200, after: "kept", origin: { body: "hello" } },
  },
  {
    name: "an upgrade to h2c is not passed on: the origin would leave the gateway's sight",
    rfc: "9113 §3.1",
    send: get("/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
    expect: {
      status: 200,
      after: "kept",
      origin: { fields: { upgrade: null, connection: null, "http2-settings": null } },
    },
  },
  {
    name: "trailers that name framing, routing or credentials do not become fields",
    rfc: "9110 §6.5.1",
    send: chunked(
      "3\r\nabc\r\n0\r\nContent-Length: 50\r\nTransfer-Encoding: x\r\nHost: evil.example\r\nAuthorization: Basic eA==\r\n\r\n",
    ),
    expect: {
      status: 200,
      after: "kept",
      origin: {
        body: "abc",
        fields: { host: ["a.example"], authorization: null },
        trailers: { "content-length": null, "transfer-encoding": null, host: null, authorization: null },
      },
    },
  },
];
