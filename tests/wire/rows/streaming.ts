/** Nothing waits for an end: heads, pieces of answers and pieces of uploads go on as they come. @module */

import type { Row } from "../row.ts";
import { chunked, get, post } from "../shorthand.ts";

const SECTION = "9112 §7.1";
const EVENTS = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

/** Sends a GET, waits for this text and lets the origin go on. */
const until = (text: string): Row["send"] => async (stage) => {
  await stage.client.send(get("/"));
  await stage.received(text);
  stage.cue();
};

/** The rows. */
export const streaming: readonly Row[] = [
  {
    name: "a head reaches the client before a byte of its body is there",
    rfc: SECTION,
    send: until("text/event-stream"),
    origin: async (request, stage) => {
      await request.send(EVENTS);
      await stage.on();
      await request.send("2\r\nok\r\n0\r\n\r\n");
    },
    expect: { status: 200, body: "ok", after: "kept" },
  },
  {
    name: "a head with a length reaches the client before its body",
    rfc: "9112 §6.2",
    send: until("content-length"),
    origin: async (request, stage) => {
      await request.send("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
      await stage.on();
      await request.send("z".repeat(100_000));
    },
    expect: { status: 200, body: "z".repeat(100_000), after: "kept" },
  },
  ...[10, 8_000, 15_000].map((length): Row => ({
    name: `the first bytes of an answer of ${length} reach the client before the last are there`,
    rfc: "9112 §6.2",
    send: until("first"),
    origin: async (request, stage) => {
      await request.send(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\nfirst`);
      await stage.on();
      await request.send("z".repeat(length - 5));
    },
    expect: { status: 200, body: "first" + "z".repeat(length - 5), after: "kept" },
  })),
  {
    name: "a head with a small length reaches the client before its body, unless that is right behind it",
    rfc: "9112 §6.2",
    send: async (stage) => {
      await stage.client.send(get("/"));
      await stage.on("head");
      while (!stage.client.receivedText.includes("content-length")) await stage.clock.pass(50);
      stage.cue();
    },
    origin: async (request, stage) => {
      await request.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
      stage.cue("head");
      await stage.on();
      await request.send("hello");
    },
    expect: { status: 200, body: "hello", after: "kept" },
  },
  {
    name: "the first event reaches the client before the second is there",
    rfc: SECTION,
    send: until("data: 1\n"),
    origin: async (request, stage) => {
      await request.send(EVENTS + "9\r\ndata: 1\n\n\r\n");
      await stage.on();
      await request.send("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
    },
    expect: { status: 200, body: "data: 1\n\ndata: 2\n\n", after: "kept" },
  },
  {
    name: "a part of a chunk reaches the client before the rest is there",
    rfc: SECTION,
    send: until("first"),
    origin: async (request, stage) => {
      await request.send(EVENTS + "b\r\nfirst");
      await stage.on();
      await request.send("second\r\n0\r\n\r\n");
    },
    expect: { status: 200, body: "firstsecond", after: "kept" },
  },
  {
    name: "the first bytes of a long answer reach the client before the last are there",
    rfc: "9112 §6.2",
    send: until("first"),
    origin: async (request, stage) => {
      await request.send("HTTP/1.1 200 OK\r\ncontent-length: 200005\r\n\r\nfirst");
      await stage.on();
      await request.send("z".repeat(200_000));
    },
    expect: { status: 200, body: "first" + "z".repeat(200_000), after: "kept" },
  },
  {
    name: "the first bytes of an answer that ends by closing reach the client at once",
    rfc: "9112 §6.3",
    send: until("first"),
    origin: async (request, stage) => {
      await request.send("HTTP/1.1 200 OK\r\n\r\nfirst");
      await stage.on();
      await request.send("second");
      await request.connection.close();
    },
    expect: { status: 200, body: "firstsecond", after: "kept" },
  },
  {
    name: "the first bytes of an upload with a length reach the origin before the last are there",
    rfc: "9112 §6.2",
    send: async (stage) => {
      await stage.client.send(post(["Content-Length: 100005"], "first"));
      await stage.arrived("first");
      await stage.client.send("z".repeat(100_000));
    },
    methods: ["POST"],
    expect: { status: 200, after: "kept", origin: { framing: "length", body: "first" + "z".repeat(100_000) } },
  },
  {
    name: "the first chunk of an upload reaches the origin before the last is there",
    rfc: SECTION,
    send: async (stage) => {
      await stage.client.send(chunked("5\r\nfirst\r\n"));
      await stage.arrived("first");
      await stage.client.send("6\r\nsecond\r\n0\r\n\r\n");
    },
    methods: ["POST"],
    expect: { status: 200, after: "kept", origin: { framing: "chunked", body: "firstsecond" } },
  },
  {
    name: "the head of an upload in chunks reaches the origin before a byte of its body is there",
    rfc: SECTION,
    send: async (stage) => {
      await stage.client.send(chunked(""));
      await stage.origin.request(0);
      await stage.client.send("5\r\nhello\r\n0\r\n\r\n");
    },
    methods: ["POST"],
    expect: { status: 200, after: "kept", origin: { body: "hello" } },
  },
  {
    name: "an answer reaches a client that sends its next request meanwhile",
    rfc: "9112 §9.3.2",
    send: async (stage) => {
      await stage.client.send(get("/1"));
      await stage.received("first");
      await stage.client.send(get("/2"));
      stage.cue();
    },
    origin: async (request, stage) => {
      await request.send(EVENTS + "5\r\nfirst\r\n");
      await stage.on();
      await request.send("6\r\nsecond\r\n0\r\n\r\n");
    },
    expect: {
      answers: [{ status: 200, body: "firstsecond" }, { status: 200, body: "firstsecond" }],
      after: "kept",
      origin: [{ line: "GET /1 HTTP/1.1" }, { line: "GET /2 HTTP/1.1" }],
    },
  },
];
