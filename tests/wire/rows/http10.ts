/** Clients of HTTP/1.0: no chunks, no interim answers, and kept only when they ask. @module */

import { answer } from "../../support/scripted_origin.ts";
import type { ClientScript, OriginPlay, Row } from "../row.ts";
import { head } from "../shorthand.ts";

const old = (method: string, ...fields: string[]) => head(`${method} / HTTP/1.0`, "Host: a.example", ...fields);
const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";

/** Waits until the first chunk is with the client: the head is out then, and did not know the length. */
const reading = (request: string): ClientScript => async (stage) => {
  await stage.client.send(request);
  await stage.received("hello");
  stage.cue();
};

/** Sends one chunk, and the rest when the client has it. */
const streaming: OriginPlay = async (request, stage) => {
  await request.send(CHUNKED);
  await stage.on();
  await request.send("6\r\n world\r\n0\r\n\r\n");
};

/** The rows. */
export const http10: readonly Row[] = [
  {
    name: "HTTP/1.0 is answered, and closed",
    rfc: "9112 §9.3",
    send: old("GET"),
    expect: {
      status: 200,
      body: "ok",
      after: "closed",
      origin: { line: "GET / HTTP/1.1", fields: { host: ["a.example"] } },
    },
  },
  {
    name: "HTTP/1.0 that asks to be kept is kept, and told so",
    rfc: "9112 §C.2.2",
    send: old("GET", "Connection: keep-alive"),
    expect: { status: 200, body: "ok", fields: { connection: /keep-alive/i }, after: "kept" },
  },
  {
    name: "HTTP/1.0 that asks to be kept in odd case",
    rfc: "9112 §C.2.2",
    send: old("GET", "Connection: Keep-Alive"),
    expect: { status: 200, after: "kept" },
  },
  {
    name: "HTTP/1.0 that asks to be kept and to close",
    rfc: "9112 §9.3",
    send: old("GET", "Connection: keep-alive, close"),
    expect: { status: 200, after: "closed" },
  },
  {
    name: "an answer in chunks ends for HTTP/1.0 by closing",
    rfc: "9112 §7.1",
    send: reading(old("GET")),
    origin: streaming,
    expect: {
      status: 200,
      body: "hello world",
      framing: "close",
      fields: { "transfer-encoding": null },
      after: "closed",
    },
  },
  {
    name: "an answer in chunks closes HTTP/1.0 that asked to be kept",
    rfc: "9112 §7.1",
    send: reading(old("GET", "Connection: keep-alive")),
    origin: streaming,
    expect: {
      status: 200,
      body: "hello world",
      framing: "close",
      fields: { "transfer-encoding": null },
      after: "closed",
    },
  },
  {
    name: "an answer in chunks that breaks off ends for HTTP/1.0 where it broke off",
    rfc: "9112 §8",
    send: reading(old("GET")),
    origin: async (request, stage) => {
      await request.send(CHUNKED);
      await stage.on();
      await request.connection.close();
    },
    expect: { status: 200, body: "hello", after: "ended" },
  },
  {
    name: "a POST of HTTP/1.0 with its length",
    rfc: "9112 §6.3",
    send: old("POST", "Content-Length: 5") + "hello",
    expect: { status: 200, after: "closed", origin: { framing: "length", body: "hello" } },
  },
  {
    name: "a POST of HTTP/1.0 without a length has no body",
    rfc: "9112 §6.3",
    send: old("POST"),
    expect: { status: 200, after: "closed", origin: { framing: "length", body: "" } },
  },
  {
    name: "HEAD of HTTP/1.0",
    rfc: "9110 §9.3.2",
    send: old("HEAD", "Connection: keep-alive"),
    origin: "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n",
    expect: { status: 200, fields: { "content-length": "500" }, after: "kept" },
  },
  {
    name: "interim answers are not for HTTP/1.0",
    rfc: "9110 §15.2",
    send: old("GET"),
    origin: "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + answer(200, "ok"),
    expect: { status: 200, body: "ok", interim: [], after: "closed" },
  },
  {
    name: "an upgrade that HTTP/1.0 asks for is not heard",
    rfc: "9110 §7.8",
    send: old("GET", "Connection: Upgrade", "Upgrade: websocket"),
    expect: { status: 200, after: "closed", origin: { fields: { upgrade: null } } },
  },
];
