/** Interim answers: passed on where they say something to the client, and never taken for the answer. @module */

import { answer } from "../../support/scripted_origin.ts";
import type { Row } from "../row.ts";
import { get } from "../shorthand.ts";

const SECTION = "9110 §15.2";
const HINTS = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n";
const OK = answer(200, "ok");

/** Answers that start with interim ones. */
const ROWS: readonly [name: string, before: string, interim: readonly number[] | "any"][] = [
  ["103 reaches the client", HINTS, [103]],
  ["two 103 reach the client", HINTS + HINTS, [103, 103]],
  ["102 reaches the client", "HTTP/1.1 102 Processing\r\n\r\n", [102]],
  ["102 and 103 reach the client in order", "HTTP/1.1 102 Processing\r\n\r\n" + HINTS, [102, 103]],
  ["a 100 that nobody asked for is not the answer", "HTTP/1.1 100 Continue\r\n\r\n", "any"],
  ["an interim status that nobody knows is not the answer", "HTTP/1.1 199 Odd\r\nx: y\r\n\r\n", "any"],
];

const NOT_PASSED: Row["serve"] = { why: "interim", expect: { status: 200, body: "ok", interim: [], after: "kept" } };

/** The rows. */
export const interim1xx: readonly Row[] = [
  ...ROWS.map(([name, before, interim]): Row => ({
    name,
    rfc: SECTION,
    send: get("/"),
    origin: before + OK,
    expect: { status: 200, body: "ok", interim, after: "kept" },
    serve: interim === "any" ? undefined : NOT_PASSED,
  })),
  {
    name: "103 reaches the client before the answer is there",
    rfc: "8297 §2",
    send: async (stage) => {
      await stage.client.send(get("/"));
      await stage.received("103 Early Hints");
      stage.cue();
    },
    origin: async (request, stage) => {
      await request.send(HINTS);
      await stage.on();
      await request.send(OK);
    },
    expect: { status: 200, body: "ok", interim: [103], after: "kept", contains: ["link: </a.css>; rel=preload\r\n"] },
    serve: { why: "interim", expect: null },
  },
  {
    name: "fields of this hop do not pass with 103",
    rfc: "9110 §7.6.1",
    send: get("/"),
    origin: "HTTP/1.1 103 Early Hints\r\nconnection: x-hop\r\nx-hop: 1\r\nkeep-alive: x\r\nlink: </a>\r\n\r\n" + OK,
    expect: {
      status: 200,
      interim: [103],
      lacks: ["x-hop", "keep-alive"],
      contains: ["link: </a>\r\n"],
      after: "kept",
    },
    serve: NOT_PASSED,
  },
  {
    name: "an interim answer and nothing more is no answer",
    rfc: SECTION,
    send: get("/"),
    origin: async (request) => {
      await request.send("HTTP/1.1 100 Continue\r\n\r\n");
      await request.connection.close();
    },
    expect: { status: 502, interim: "any", after: "kept" },
  },
  {
    name: "101 that nobody asked for",
    rfc: "9110 §15.2.2",
    send: get("/"),
    origin: "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
    expect: { status: 502, after: "kept" },
  },
  {
    name: "a malformed interim answer",
    rfc: "9112 §4",
    send: get("/"),
    origin: "HTTP/1.1 103 Early Hints\r\nlink : </a>\r\n\r\n" + OK,
    expect: { status: 502, after: "kept" },
  },
];
