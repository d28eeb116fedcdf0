/** Trailers: fields behind a body in chunks, both ways. @module */

import type { Row } from "../row.ts";
import { chunked, get } from "../shorthand.ts";

const SECTION = "9110 §6.5";
const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n";
const WANTED = ["TE: trailers", "Connection: TE"];

/** What must not be said behind a body (RFC 9110 §6.5.1). */
const FORBIDDEN = [
  "Content-Length: 9",
  "Transfer-Encoding: x",
  "Connection: close",
  "Content-Encoding: gzip",
  "Set-Cookie: a=1",
];

const REQUEST_DROPPED: Row["serve"] = {
  why: "trailers",
  expect: { status: 200, after: "kept", origin: { body: "hello" } },
};
const ANSWER_DROPPED: Row["serve"] = {
  why: "trailers",
  expect: { status: 200, after: "kept", lacks: ["grpc-status", "X-A"] },
};

/** The rows. */
export const trailers: readonly Row[] = [
  {
    name: "a trailer of a request reaches the origin",
    rfc: SECTION,
    send: chunked("5\r\nhello\r\n0\r\nX-Checksum: abc\r\n\r\n", "Trailer: X-Checksum"),
    expect: { status: 200, after: "kept", origin: { body: "hello", trailers: { "x-checksum": ["abc"] } } },
    serve: REQUEST_DROPPED,
  },
  {
    name: "trailers of a request that come byte by byte",
    rfc: SECTION,
    send: [...chunked("5\r\nhello\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n")],
    methods: ["POST"],
    expect: { status: 200, after: "kept", origin: { body: "hello", trailers: { "x-a": "1", "x-b": "2" } } },
    serve: REQUEST_DROPPED,
  },
  {
    name: "a trailer of a request that is not in the fields does not get there",
    rfc: "9110 §6.5.1",
    send: chunked("5\r\nhello\r\n0\r\nX-User: root\r\n\r\n"),
    expect: { status: 200, after: "kept", origin: { body: "hello", fields: { "x-user": null } } },
  },
  {
    name: "a trailer of an answer reaches the client",
    rfc: SECTION,
    send: get("/", ...WANTED),
    origin: CHUNKED + "trailer: x-checksum\r\n\r\n5\r\nhello\r\n0\r\nX-Checksum: abc\r\n\r\n",
    expect: { status: 200, body: "hello", framing: "chunked", trailers: { "x-checksum": ["abc"] }, after: "kept" },
    serve: ANSWER_DROPPED,
  },
  {
    name: "the trailers of an answer to gRPC",
    rfc: SECTION,
    send: get("/", ...WANTED),
    origin: CHUNKED + "content-type: application/grpc\r\n\r\n0\r\ngrpc-status: 0\r\ngrpc-message: OK\r\n\r\n",
    expect: { status: 200, body: "", trailers: { "grpc-status": ["0"], "grpc-message": ["OK"] }, after: "kept" },
    serve: ANSWER_DROPPED,
  },
  {
    name: "trailers of one name stay apart and in order, with every byte",
    rfc: "9110 §5.3",
    send: get("/", ...WANTED),
    origin: CHUNKED + "\r\n0\r\nX-A: 1\r\nX-A: caf\xe9\r\n\r\n",
    expect: { status: 200, trailers: { "x-a": ["1", "caf\xe9"] }, after: "kept" },
    serve: ANSWER_DROPPED,
  },
  ...FORBIDDEN.map((line): Row => {
    const name = line.slice(0, line.indexOf(":")).toLowerCase();
    return {
      name: `${name} has no place behind an answer`,
      rfc: "9110 §6.5.1",
      send: get("/", ...WANTED),
      origin: CHUNKED + `\r\n5\r\nhello\r\n0\r\n${line}\r\nX-A: 1\r\n\r\n`,
      expect: {
        status: 200,
        body: "hello",
        fields: { [name]: name === "transfer-encoding" ? ["chunked"] : null },
        trailers: { [name]: null },
        after: "kept",
      },
    };
  }),
  {
    name: "an answer with a length has no trailers, whatever follows it",
    rfc: "9112 §6.3",
    send: get("/", ...WANTED),
    origin: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok0\r\nX-A: 1\r\n\r\n",
    expect: { status: 200, body: "ok", lacks: ["X-A", "x-a"], after: "kept" },
  },
];
