/** Slow and silent clients: each wait has an end, on a clock that the test turns. @module */

import { passUntil } from "../../support/until.ts";
import type { ClientScript, Row } from "../row.ts";
import { chunked, get, post } from "../shorthand.ts";

const SECTION = "9112 §9.5";
const ONLY_H1: Row["serve"] = { why: "timeouts", expect: "refused config" };
const timeouts = { header: "2s", idle: "3s", body: "4s", write: "5s" } as const;

/** Sends these bytes, and lets the time pass until the connection has ended. */
const stalling = (...pieces: string[]): ClientScript => async ({ client, clock }) => {
  await client.sendPieces(pieces);
  await passUntil(clock, client.ended(), 100);
};

/** The rows. */
export const timeoutRows: readonly Row[] = [
  {
    name: "a client that never says anything is closed, without an answer",
    rfc: SECTION,
    listen: { timeouts },
    send: stalling(),
    expect: { answers: [], after: "closed", origin: "nothing" },
    serve: ONLY_H1,
  },
  {
    name: "half a head is answered with 408",
    rfc: "9110 §15.5.9",
    listen: { timeouts },
    send: stalling("GET / HTTP/1.1\r\nHost: a.ex"),
    expect: { answers: [{ status: 408 }], after: "closed", origin: "nothing" },
    serve: ONLY_H1,
  },
  {
    name: "a head that comes a byte at a time does not buy time with each",
    rfc: "9110 §15.5.9",
    listen: { timeouts },
    send: async ({ client, clock }) => {
      let sent = 0;
      while (client.ending === null && sent < 40) {
        await client.send("GET / HTTP/1.1\r\nHost: a.example\r\nX: yyyyyyyyy"[sent++]).catch(() => {});
        await clock.pass(100);
      }
      await passUntil(clock, client.ended(), 100);
    },
    expect: { answers: [{ status: 408 }], after: "ended", origin: "nothing" },
    serve: ONLY_H1,
  },
  {
    name: "a connection without a further request is closed, without an answer",
    rfc: SECTION,
    listen: { timeouts },
    send: stalling(get("/")),
    expect: { answers: [{ status: 200, body: "ok" }], after: "closed" },
    serve: ONLY_H1,
  },
  {
    name: "half a second head is answered with 408",
    rfc: "9110 §15.5.9",
    listen: { timeouts },
    send: stalling(get("/"), "GET /2 HT"),
    expect: { answers: [{ status: 200 }, { status: 408 }], after: "closed" },
    serve: ONLY_H1,
  },
  {
    name: "a body with a length that stands still is answered with 408, and is no whole request at the origin",
    rfc: "9110 §15.5.9",
    listen: { timeouts },
    send: stalling(post(["Content-Length: 100000"], "x".repeat(1000))),
    methods: ["POST"],
    expect: { answers: [{ status: 408 }], after: "ended", origin: "nothing whole" },
    serve: ONLY_H1,
  },
  {
    name: "a body in chunks that stands still is answered with 408, and is no whole request at the origin",
    rfc: "9110 §15.5.9",
    listen: { timeouts },
    send: stalling(chunked("5\r\nhello\r\n")),
    methods: ["POST"],
    expect: { answers: [{ status: 408 }], after: "ended", origin: "nothing whole" },
    serve: ONLY_H1,
  },
  {
    name: "a body that goes on is not cut, however long it takes",
    rfc: SECTION,
    listen: { timeouts },
    send: async (stage) => {
      await stage.client.send(post(["Content-Length: 3005"], "start"));
      for (let i = 0; i < 3; i++) {
        await stage.clock.pass(3_000);
        await stage.client.send(String(i).repeat(1000));
        await stage.arrived(String(i).repeat(1000));
      }
    },
    methods: ["POST"],
    expect: { status: 200, after: "kept" },
    serve: ONLY_H1,
  },
  {
    name: "an answer that the origin takes long for is not cut by the client's time-outs",
    rfc: SECTION,
    listen: { timeouts },
    send: async (stage) => {
      await stage.client.send(get("/"));
      await stage.origin.request(0);
      await stage.clock.pass(6_000);
      stage.cue();
    },
    origin: async (request, stage) => {
      await stage.on();
      await request.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate");
    },
    expect: { status: 200, body: "late", after: "kept" },
    serve: ONLY_H1,
  },
  {
    name: "an origin that takes too long is answered for with 504",
    rfc: "9110 §15.6.5",
    config: (url) => ({
      upstreams: { origin: { endpoints: [url], timeouts: { head: "2s" }, retry: false } },
      routes: [{ path: "/*", upstream: "origin" }],
    }),
    send: async (stage) => {
      await stage.client.send(get("/"));
      const request = await stage.origin.request(0);
      await passUntil(stage.clock, request.connection.gone(), 100);
    },
    origin: (request) => request.hang(),
    expect: { status: 504, after: "kept" },
  },
  {
    name: "an answer whose body stands still is cut, never ended",
    rfc: "9112 §8",
    config: (url) => ({
      upstreams: { origin: { endpoints: [url], timeouts: { idle: "2s" } } },
      routes: [{ path: "/*", upstream: "origin" }],
    }),
    send: async (stage) => {
      await stage.client.send(get("/"));
      await stage.received("half");
      await passUntil(stage.clock, stage.client.ended(), 100);
    },
    origin: async (request) => {
      await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n");
      await request.hang();
    },
    expect: { status: 200, cut: true, after: "ended" },
  },
];
