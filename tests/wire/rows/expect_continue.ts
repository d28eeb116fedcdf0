/** Expect: 100-continue is between the client and the origin; this gateway passes both sides' word on. @module */

import { answer } from "../../support/scripted_origin.ts";
import { passUntil } from "../../support/until.ts";
import type { Gateway } from "../../../src/config/types/gateway.ts";
import type { ClientScript, Row } from "../row.ts";
import { get, head, post, turnedDown } from "../shorthand.ts";

const SECTION = "9110 §10.1.1";
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const EXPECTING = post(["Content-Length: 5", "Expect: 100-continue"]);

/** Sends the head, waits for 100 and sends the body only then. */
const waiting = (request: string, body: string): ClientScript => async ({ client }) => {
  await client.send(request);
  const interim = await client.responseHead();
  if (interim.status !== 100) throw new Error(`${interim.status} came instead of 100`);
  await client.send(body);
};

/** The rows. */
export const expectContinue: readonly Row[] = [
  {
    name: "the origin's 100 reaches the client, then the body the origin",
    rfc: SECTION,
    send: waiting(EXPECTING, "hello"),
    methods: ["POST"],
    origin: async (request) => {
      await request.send(CONTINUE);
      await request.body();
      await request.send(answer(201, "made"));
    },
    expect: { status: 201, body: "made", after: "kept", origin: { body: "hello", fields: { expect: "100-continue" } } },
    serve: {
      why: "continueAtOnce",
      expect: { status: 201, body: "made", after: "kept", origin: { body: "hello", fields: { expect: null } } },
    },
  },
  {
    name: "the origin's 100 for a body in chunks",
    rfc: SECTION,
    send: waiting(post(["Transfer-Encoding: chunked", "Expect: 100-Continue"]), "5\r\nhello\r\n0\r\n\r\n"),
    methods: ["POST"],
    origin: async (request) => {
      await request.send(CONTINUE);
      await request.body();
      await request.send(answer(201, "made"));
    },
    expect: { status: 201, after: "kept", origin: { framing: "chunked", body: "hello" } },
  },
  ...[401, 413, 417].map((status): Row => ({
    name: `the origin's ${status} reaches a client that waits, without a 100 and without the body`,
    rfc: SECTION,
    send: async ({ client }) => {
      await client.send(EXPECTING);
      await client.more();
    },
    methods: ["POST"],
    origin: (request) => request.send(`HTTP/1.1 ${status} No\r\nconnection: close\r\ncontent-length: 2\r\n\r\nno`),
    expect: { status, body: "no", after: "ended", origin: { line: "POST / HTTP/1.1", broken: true } },
    serve: {
      why: "continueAtOnce",
      expect: { answers: [], contains: ["HTTP/1.1 100 Continue\r\n\r\n"], after: "unchecked", origin: "nothing" },
    },
  })),
  {
    name: "an origin that never says 100 gets the body when the client has waited long enough",
    rfc: SECTION,
    send: async (stage) => {
      await stage.client.sendPieces([EXPECTING, "hello"]);
      // The gateway may wait for the origin's word for a while, as a client does.
      await passUntil(stage.clock, stage.arrived("hello"), 100);
    },
    methods: ["POST"],
    expect: { status: 200, interim: "any", after: "kept", origin: { body: "hello" } },
  },
  {
    name: "no 100 stands in an answer that began before the body was asked for",
    rfc: "9110 §15.2",
    send: async (stage) => {
      await stage.client.send(EXPECTING);
      await stage.received("2\r\nab\r\n");
      await stage.client.send("hello");
      await passUntil(stage.clock, stage.arrived("hello"), 100);
    },
    methods: ["POST"],
    origin: async (request) => {
      await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n");
      await request.body();
      await request.send("2\r\ncd\r\n0\r\n\r\n");
    },
    expect: { status: 200, interim: [], body: "abcd", after: "closed", origin: { body: "hello" } },
    serve: { why: "continueAtOnce", expect: null },
  },
  {
    name: "a body that comes at once, whatever the origin would have said",
    rfc: SECTION,
    send: post(["Content-Length: 5", "Expect: 100-continue"], "hello"),
    expect: { status: 200, interim: "any", after: "kept", origin: { body: "hello" } },
  },
  {
    name: "an expectation without a body",
    rfc: SECTION,
    send: get("/", "Expect: 100-continue"),
    expect: { status: 200, interim: "any", after: "kept", origin: { framing: "none" } },
  },
  turnedDown("another expectation", SECTION, post(["Content-Length: 0", "Expect: 200-ok"]), 417),
  turnedDown(
    "another expectation beside 100-continue",
    SECTION,
    post(["Content-Length: 0", "Expect: 100-continue, x"]),
    417,
  ),
  {
    name: "the expectation of an HTTP/1.0 client is not heard: it would take 100 for the answer",
    rfc: SECTION,
    send: head("POST / HTTP/1.0", "Host: a.example", "Content-Length: 5", "Expect: 100-continue") + "hello",
    origin: async (request) => {
      if (request.header("expect") !== null) await request.send(CONTINUE);
      await request.body();
      await request.send(answer(200, "ok"));
    },
    expect: { status: 200, body: "ok", interim: [], after: "closed", origin: { body: "hello" } },
    serve: {
      why: "continueAtOnce",
      expect: { status: 200, body: "ok", interim: [100], after: "closed", origin: { body: "hello" } },
    },
  },
  {
    name: "what this gateway refuses is refused without a 100",
    rfc: SECTION,
    config: (url): Gateway => ({
      upstreams: { origin: { endpoints: [url] } },
      routes: [{ path: "/wire-probe", upstream: "origin" }],
    }),
    send: EXPECTING,
    expect: { status: 404, interim: [], after: "either", origin: "nothing" },
    serve: {
      why: "continueAtOnce",
      expect: { status: 404, interim: [100], after: "unchecked", origin: "nothing" },
    },
  },
];
