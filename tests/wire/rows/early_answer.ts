/** An answer before the request is whole: it reaches the client, and the rest of the upload becomes nobody's request. @module */

import { answer } from "../../support/scripted_origin.ts";
import type { Row, Seen } from "../row.ts";
import { chunked, get, post } from "../shorthand.ts";

const SECTION = "9112 §9.5";
const REFUSAL = "HTTP/1.1 413 Content Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno";

const open = (status: number, seen: Seen | "nothing" = { broken: true }): Row["serve"] => ({
  why: "openAfterRefusal",
  expect: { status, after: "unchecked", origin: seen },
});

/** The rows. */
export const earlyAnswer: readonly Row[] = [
  {
    name: "a refusal reaches a client whose upload has a length and is not over",
    rfc: SECTION,
    send: post(["Content-Length: 50000000"], "x".repeat(1000)),
    origin: (request) => request.send(REFUSAL),
    expect: { status: 413, body: "no", after: "ended", origin: { broken: true } },
    serve: open(413),
  },
  {
    name: "a refusal reaches a client whose upload is in chunks and not over",
    rfc: SECTION,
    send: chunked("3e8\r\n" + "x".repeat(1000) + "\r\n"),
    origin: (request) => request.send(REFUSAL),
    expect: { status: 413, body: "no", after: "ended", origin: { broken: true } },
    serve: open(413),
  },
  {
    name: "an early success whose origin would keep the connection",
    rfc: SECTION,
    send: post(["Content-Length: 50000000"], "x".repeat(1000)),
    origin: (request) => request.send(answer(200, "enough")),
    expect: { status: 200, body: "enough", after: "ended", origin: { broken: true } },
    serve: open(200),
  },
  {
    name: "an early answer says that the connection closes",
    rfc: "9112 §9.6",
    send: post(["Content-Length: 50000000"], "x".repeat(1000)),
    origin: (request) => request.send(answer(200, "enough")),
    expect: { status: 200, fields: { connection: /close/i }, after: "ended", origin: { broken: true } },
    serve: open(200),
  },
  {
    name: "an upload that goes on behind an early answer is not taken for a request",
    rfc: SECTION,
    send: async (stage) => {
      const rest = get("/smuggled").repeat(100);
      await stage.client.send(post([`Content-Length: ${1000 + rest.length}`], "x".repeat(1000)));
      await stage.received("\r\n\r\nno");
      // The other side may have closed by now.
      await stage.client.send(rest).catch(() => {});
    },
    origin: (request) => request.send(REFUSAL),
    methods: ["POST"],
    expect: { status: 413, body: "no", after: "either", origin: { line: "POST / HTTP/1.1", broken: true } },
  },
  {
    name: "an answer that comes with the last byte of the upload keeps the connection",
    rfc: SECTION,
    send: post(["Content-Length: 5"], "hello"),
    expect: { status: 200, after: "kept", origin: { body: "hello" } },
  },
  {
    name: "an answer of this gateway's own to an upload that is not over",
    rfc: SECTION,
    config: (url) => ({
      upstreams: { origin: { endpoints: [url] } },
      routes: [{ path: "/", respond: { status: 403, body: "no" } }, { path: "/wire-probe", upstream: "origin" }],
    }),
    send: post(["Content-Length: 50000000"], "x".repeat(1000)),
    expect: { status: 403, body: "no", after: "ended", origin: "nothing" },
    serve: open(403, "nothing"),
  },
  {
    name: "an early answer in chunks that goes on while the upload does",
    rfc: "9110 §7.5",
    send: async (stage) => {
      await stage.client.send(chunked("5\r\nhello\r\n"));
      await stage.received("HELLO");
      await stage.client.send("5\r\nworld\r\n0\r\n\r\n");
    },
    methods: ["POST"],
    origin: async (request, stage) => {
      await stage.arrived("hello");
      await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nHELLO\r\n");
      await request.body();
      await request.send("5\r\nWORLD\r\n0\r\n\r\n");
    },
    expect: { status: 200, body: "HELLOWORLD", after: "either", origin: { body: "helloworld" } },
  },
];
