/** Upgrades: the origin decides, then bytes pass both ways untouched. @module */

import { strict as assert } from "node:assert";
import { toText } from "../../support/latin1.ts";
import { answer } from "../../support/scripted_origin.ts";
import type { OriginPlay, Row } from "../row.ts";
import { get, head, post } from "../shorthand.ts";

const SECTION = "9110 §7.8";
const WEBSOCKET = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];
const SWITCH = head(
  "HTTP/1.1 101 Switching Protocols",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
);

/** Switches, says hello, and gives back in upper case what comes until `end`. */
const tunnel: OriginPlay = async (request) => {
  await request.send(SWITCH, "HELLO ");
  const text = await request.connection.takeUntil("end");
  await request.send(text.toUpperCase());
  await request.connection.gone();
};

const talk: Row["send"] = async (stage) => {
  await stage.client.send(get("/chat", ...WEBSOCKET));
  await stage.received("HELLO ");
  await stage.client.send("one ");
  await stage.client.send("end");
  await stage.received("ONE END");
  await stage.client.close();
};

const NO_TUNNEL: Row["serve"] = { why: "tunnels", expect: null };

/** The rows. */
export const upgrade: readonly Row[] = [
  {
    name: "a WebSocket handshake and the bytes behind it pass both ways",
    rfc: "6455 §4",
    send: talk,
    origin: tunnel,
    expect: {
      answers: [],
      after: "unchecked",
      contains: ["HTTP/1.1 101 ", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", "\r\n\r\nHELLO ONE END"],
      origin: {
        fields: {
          connection: /^upgrade$/i,
          upgrade: "websocket",
          "sec-websocket-key": ["dGhlIHNhbXBsZSBub25jZQ=="],
          "sec-websocket-version": ["13"],
        },
      },
    },
    serve: NO_TUNNEL,
  },
  {
    name: "extensions and subprotocols of a handshake pass as they are",
    rfc: "6455 §9",
    send: async (stage) => {
      const extras = ["Sec-WebSocket-Protocol: chat, superchat", "Sec-WebSocket-Extensions: permessage-deflate; x=1"];
      await stage.client.send(get("/chat", ...WEBSOCKET, ...extras));
      await stage.received("permessage-deflate");
      await stage.client.close();
    },
    origin: async (request) => {
      const extras = "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\n";
      await request.send(SWITCH.replace("Sec-", extras + "Sec-"));
      await request.connection.gone();
    },
    expect: {
      answers: [],
      after: "unchecked",
      contains: ["Sec-WebSocket-Protocol: chat\r\n", "Sec-WebSocket-Extensions: permessage-deflate\r\n"],
      origin: {
        fields: {
          "sec-websocket-protocol": "chat, superchat",
          "sec-websocket-extensions": "permessage-deflate; x=1",
        },
      },
    },
    serve: NO_TUNNEL,
  },
  {
    name: "bytes that come with the handshake go behind it",
    rfc: SECTION,
    send: async (stage) => {
      await stage.client.send(get("/chat", ...WEBSOCKET) + "early ");
      await stage.received("HELLO ");
      await stage.client.send("end");
      await stage.received("EARLY END");
      await stage.client.close();
    },
    origin: tunnel,
    expect: { answers: [], after: "unchecked", contains: ["HELLO EARLY END"] },
    serve: NO_TUNNEL,
  },
  {
    name: "a tunnel's end at the origin is its end at the client, when every byte is through",
    rfc: SECTION,
    send: async ({ client }) => {
      await client.send(get("/chat", ...WEBSOCKET));
      await client.responseHead();
      assert.equal(toText(await client.takeToEnd()), "x".repeat(300_000) + "last");
    },
    origin: async (request) => {
      await request.send(SWITCH, "x".repeat(300_000) + "last");
      await request.connection.close();
    },
    expect: { answers: [], after: "closed" },
    serve: NO_TUNNEL,
  },
  {
    name: "a handshake that the origin refuses: its answer passes, the connection lives on",
    rfc: "6455 §4.2.2",
    send: get("/chat", ...WEBSOCKET),
    origin: answer(403, "not you", "x-why: 1"),
    expect: { status: 403, body: "not you", fields: { "x-why": "1", upgrade: null }, after: "kept" },
  },
  {
    name: "a handshake that the origin answers with 200",
    rfc: SECTION,
    send: get("/chat", ...WEBSOCKET),
    origin: answer(200, "plain"),
    expect: { status: 200, body: "plain", after: "kept" },
  },
  {
    name: "a handshake that asks for another version of WebSocket",
    rfc: "6455 §4.4",
    send: get("/chat", ...WEBSOCKET),
    origin: answer(426, "", "sec-websocket-version: 13"),
    expect: { status: 426, fields: { "sec-websocket-version": "13" }, after: "kept" },
  },
  {
    name: "a handshake to an origin that is gone",
    rfc: "9110 §15.6.3",
    send: get("/chat", ...WEBSOCKET),
    origin: (request) => request.connection.close(),
    expect: { status: 502, after: "kept" },
  },
  {
    name: "an origin that switches for a request with a body that asked for nothing",
    rfc: "9110 §15.2.2",
    send: post(["Content-Length: 5"], "hello"),
    origin: SWITCH,
    expect: { status: 502, after: "either", origin: { body: "hello" } },
  },
];
