/** Clients that end their side of the connection, or the whole of it. @module */

import { answer } from "../../support/scripted_origin.ts";
import { passUntil } from "../../support/until.ts";
import type { ClientScript, Row } from "../row.ts";
import { chunked, get, head, post } from "../shorthand.ts";

const SECTION = "9112 §9.6";

/** Sends these bytes, then FIN. */
const ending = (text: string): ClientScript => async ({ client }) => {
  await client.send(text);
  await client.halfClose();
};

/** What breaks off before it is a request: nothing of it reaches the origin as a whole one. */
const BROKEN: readonly [name: string, text: string][] = [
  ["in the request line", "GET / HT"],
  ["in a field", "GET / HTTP/1.1\r\nHost: a.ex"],
  ["before the empty line", "GET / HTTP/1.1\r\nHost: a.example\r\n"],
  ["in a body with a length", post(["Content-Length: 10"], "hello")],
  ["before a body with a length", post(["Content-Length: 10"])],
  ["in a chunk", chunked("a\r\nhello")],
  ["behind a chunk", chunked("5\r\nhello\r\n")],
  ["in the last chunk", chunked("5\r\nhello\r\n0\r\n")],
];

/** An origin that was asked in time may have the request. */
const LEFT: Row["serve"] = { why: "halfClose", expect: { answers: [], after: "ended", origin: "unchecked" } };
const LEFT_IN_BODY: Row["serve"] = {
  why: "halfClose",
  expect: { answers: [{ status: [400, 408, 499], optional: true }], after: "ended", origin: "nothing whole" },
};

/** The rows. */
export const halfClose: readonly Row[] = [
  {
    name: "FIN behind a whole request: the answer still comes",
    rfc: SECTION,
    send: ending(get("/")),
    expect: { status: 200, body: "ok", after: "closed" },
    serve: LEFT,
  },
  {
    name: "FIN behind a whole body: the answer still comes",
    rfc: SECTION,
    send: ending(post(["Content-Length: 5"], "hello")),
    methods: ["POST"],
    expect: { status: 200, body: "ok", after: "closed", origin: { body: "hello" } },
    serve: LEFT,
  },
  {
    name: "FIN behind two requests: both answers come",
    rfc: SECTION,
    send: ending(get("/1") + get("/2")),
    origin: [answer(200, "1"), answer(200, "2")],
    expect: {
      answers: [{ status: 200, body: "1" }, { status: 200, body: "2" }],
      after: "closed",
      origin: [{ line: "GET /1 HTTP/1.1" }, { line: "GET /2 HTTP/1.1" }],
    },
    serve: LEFT,
  },
  {
    name: "FIN while the origin works: the answer still comes",
    rfc: SECTION,
    send: async (stage) => {
      await stage.client.send(get("/"));
      await stage.origin.request(0);
      await stage.client.halfClose();
      stage.cue();
    },
    origin: async (request, stage) => {
      await stage.on();
      await request.send(answer(200, "late"));
    },
    expect: { status: 200, body: "late", after: "closed" },
    serve: LEFT,
  },
  {
    name: "FIN behind an answer",
    rfc: SECTION,
    send: async ({ client }) => {
      await client.exchange(get("/"));
      await client.halfClose();
    },
    expect: { answers: [], after: "closed" },
  },
  {
    name: "FIN without a byte",
    rfc: SECTION,
    send: ending(""),
    expect: { answers: [], after: "closed", origin: "nothing" },
  },
  ...BROKEN.map(([name, text]): Row => ({
    name: `FIN ${name} is no request`,
    rfc: "9112 §8",
    send: ending(text),
    methods: ["POST"],
    expect: { answers: [{ status: [400, 408], optional: true }], after: "ended", origin: "nothing whole" },
    serve: LEFT_IN_BODY,
  })),
  {
    name: "a client that resets in the middle of its upload: the origin has no whole request, and others go on",
    rfc: "9112 §8",
    send: async (stage) => {
      const other = await stage.another();
      await other.send(chunked("5\r\nhello\r\n"));
      await stage.arrived("hello");
      await other.reset();
      await (await stage.origin.request(0)).connection.gone();
      await stage.client.send(get("/next"));
    },
    origin: async (request) => {
      if (request.target !== "/next") return await request.hang();
      await request.send(answer(200, "ok"));
    },
    expect: {
      status: 200,
      body: "ok",
      after: "kept",
      origin: [{ line: "POST / HTTP/1.1", broken: true }, { line: "GET /next HTTP/1.1" }],
    },
  },
  {
    name: "a client that leaves before its answer: the origin is told",
    rfc: "9112 §9.5",
    send: async (stage) => {
      const other = await stage.another();
      await other.send(head("GET /left HTTP/1.1", "Host: a.example"));
      const left = await stage.origin.request(0);
      await other.reset();
      await passUntil(stage.clock, left.connection.gone(), 10);
      await stage.client.send(get("/next"));
    },
    origin: async (request) => {
      if (request.target !== "/next") return await request.hang();
      await request.send(answer(200, "ok"));
    },
    expect: {
      status: 200,
      body: "ok",
      after: "kept",
      origin: [{ line: "GET /left HTTP/1.1" }, { line: "GET /next HTTP/1.1" }],
    },
  },
];
