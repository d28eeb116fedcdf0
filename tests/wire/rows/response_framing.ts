/** How an answer's end is found, and that a broken end never looks like one. @module */

import { answer } from "../../support/scripted_origin.ts";
import type { Row } from "../row.ts";
import { closing, get, inPieces } from "../shorthand.ts";

const SECTION = "9112 §6.3";
const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = OK + "transfer-encoding: chunked\r\n\r\n";
const LARGE = "0123456789abcdef".repeat(200_000);
const ALL_BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");

/** Answers whose whole body reaches the client. */
const WHOLE: readonly [name: string, origin: Row["origin"], body: string][] = [
  ["with a length", OK + "content-length: 5\r\n\r\nhello", "hello"],
  ["with a length of 0", OK + "content-length: 0\r\n\r\n", ""],
  ["of every byte there is", OK + `content-length: 256\r\n\r\n${ALL_BYTES}`, ALL_BYTES],
  ["of 3 MB", OK + `content-length: ${LARGE.length}\r\n\r\n${LARGE}`, LARGE],
  ["in chunks", CHUNKED + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"],
  ["in chunks with extensions", CHUNKED + '5;a="b;c"\r\nhello\r\n0;x\r\n\r\n', "hello"],
  ["in chunks with white space before an extension", CHUNKED + "5 ;a\r\nhello\r\n0\t;x\r\n\r\n", "hello"],
  ["in chunks with sizes in upper case", CHUNKED + `1A\r\n${"x".repeat(26)}\r\n0\r\n\r\n`, "x".repeat(26)],
  ["in no chunks", CHUNKED + "0\r\n\r\n", ""],
  ["in 3 MB of chunks", CHUNKED + `${LARGE.length.toString(16)}\r\n${LARGE}\r\n0\r\n\r\n`, LARGE],
  ["that ends by closing", closing(OK + "\r\n", "hel", "lo"), "hello"],
  ["of HTTP/1.0 that ends by closing", closing("HTTP/1.0 200 OK\r\n\r\nhello"), "hello"],
  ["of HTTP/1.0 with a length", closing("HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello"), "hello"],
  ["of HTTP/1.0 that is kept", "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nhello", "hello"],
  ["that comes byte by byte", inPieces(...answer(200, "hello")), "hello"],
  ["whose chunks come byte by byte", inPieces(...(CHUNKED + "2;x\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")), "hello"],
  ["whose body comes behind its head", inPieces(OK + "content-length: 5\r\n\r\n", "hel", "lo"), "hello"],
  ["without a reason", "HTTP/1.1 200 \r\ncontent-length: 5\r\n\r\nhello", "hello"],
];

/** Answers that break off: none of them may look whole. */
const CUT: readonly [name: string, origin: Row["origin"]][] = [
  ["shorter than its length", closing(OK + "content-length: 100000\r\n\r\nshort")],
  ["whose length breaks off by a reset", async (request) => {
    await request.send(OK + "content-length: 100000\r\n\r\nshort");
    await request.connection.reset();
  }],
  ["without its last chunk", closing(CHUNKED + "5\r\nhello\r\n")],
  ["cut inside a chunk", closing(CHUNKED + "50000\r\nhello")],
  ["cut inside the last chunk", closing(CHUNKED + "5\r\nhello\r\n0\r\n")],
  ["whose chunks break off by a reset", async (request) => {
    await request.send(CHUNKED + "5\r\nhello\r\n");
    await request.connection.reset();
  }],
];

/** Chunks whose framing breaks when the head is out. */
const BROKEN: readonly [name: string, rest: string][] = [
  ["a bad size", "zz\r\n"],
  ["more data than its size", "2\r\nabc\r\n0\r\n\r\n"],
  ["LF behind its size", "2\nab\r\n0\r\n\r\n"],
  ["a size beyond 64 bits", "fffffffffffffffff\r\nab\r\n"],
];

/** The rows. */
export const responseFraming: readonly Row[] = [
  ...WHOLE.map(([name, origin, body]): Row => ({
    name: `an answer ${name}`,
    rfc: SECTION,
    send: get("/"),
    origin,
    expect: { status: 200, body, after: "kept" },
  })),
  {
    name: "an answer with a length keeps its length",
    rfc: "9110 §8.6",
    send: get("/"),
    origin: OK + "content-length: 5\r\n\r\nhello",
    expect: {
      status: 200,
      framing: "length",
      fields: { "content-length": ["5"], "transfer-encoding": null },
      after: "kept",
    },
  },
  {
    name: "an answer in chunks stays in chunks",
    rfc: "9112 §7.1",
    send: get("/"),
    origin: inPieces(CHUNKED, "5\r\nhello\r\n", "0\r\n\r\n"),
    expect: {
      status: 200,
      body: "hello",
      framing: "chunked",
      fields: { "transfer-encoding": ["chunked"] },
      after: "kept",
    },
  },
  ...CUT.map(([name, origin]): Row => ({
    name: `an answer ${name} is never a whole one`,
    rfc: "9112 §8",
    send: get("/"),
    origin,
    expect: { status: 200, cut: true, after: "ended" },
  })),
  ...BROKEN.map(([name, rest]): Row => ({
    name: `an answer in chunks of which the second has ${name} is never a whole one`,
    rfc: "9112 §7.1",
    send: async (stage) => {
      await stage.client.send(get("/"));
      await stage.received("hello");
      stage.cue();
    },
    origin: async (request, stage) => {
      await request.send(CHUNKED + "5\r\nhello\r\n");
      await stage.on();
      await request.send(rest);
    },
    expect: { status: 200, cut: true, after: "ended" },
  })),
  {
    name: "an answer that ends by closing and is reset is never a whole one",
    rfc: "9112 §8",
    send: async (stage) => {
      await stage.client.send(get("/"));
      await stage.received("hello");
      stage.cue();
    },
    origin: async (request, stage) => {
      await request.send(OK + "\r\nhello");
      await stage.on();
      await request.connection.reset();
    },
    expect: { status: 200, cut: true, after: "ended" },
  },
  {
    name: "bytes behind an answer with a length are nobody's answer",
    rfc: SECTION,
    send: get("/"),
    origin: answer(200, "ok") + answer(200, "poison"),
    expect: { status: 200, body: "ok", after: "kept", lacks: ["poison"] },
  },
  {
    name: "bytes that come later behind an answer close the connection that they came by",
    rfc: SECTION,
    send: async (stage) => {
      await stage.client.send(get("/"));
      await stage.on();
    },
    origin: async (request, stage) => {
      await request.sendPieces([answer(200, "ok"), answer(200, "poison")]);
      await request.connection.ended();
      stage.cue();
    },
    expect: { status: 200, body: "ok", after: "kept", lacks: ["poison"] },
  },
  {
    name: "bytes behind the last chunk are nobody's answer",
    rfc: SECTION,
    send: get("/"),
    origin: CHUNKED + "2\r\nok\r\n0\r\n\r\n" + answer(200, "poison"),
    expect: { status: 200, body: "ok", after: "kept", lacks: ["poison"] },
  },
];
