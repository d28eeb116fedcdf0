/** Upgrades: the origin decides, then bytes pass both ways untouched; on the `serve` engine, WebSocket messages. @module */

import { strict as assert } from "node:assert";
import { acceptKey } from "../../../src/http/websocket/accept_key.ts";
import { FrameWire } from "../../runtime/serve/websocket/frame_wire.ts";
import { toText } from "../../support/latin1.ts";
import { answer, type OriginRequest } from "../../support/scripted_origin.ts";
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

/** The 101 that belongs to a handshake. */
function switching(request: OriginRequest, ...fields: string[]): string {
  const accept = acceptKey(request.header("sec-websocket-key") ?? "");
  const own = ["connection: Upgrade", "upgrade: websocket", `sec-websocket-accept: ${accept}`];
  return head("HTTP/1.1 101 Switching Protocols", ...own, ...fields);
}

/** Switches, answers one message, and closes as the client does. */
const echo: OriginPlay = async (request) => {
  const offered = request.header("sec-websocket-extensions") === null ? [] : ["sec-websocket-extensions: x-nothing"];
  await request.send(switching(request, "sec-websocket-protocol: superchat", ...offered));
  const socket = new FrameWire(request.connection, "server");
  await socket.send(`you said: ${await socket.text()}`);
  await socket.close(...await socket.closed());
  await request.connection.gone();
};

/** A handshake, a message, its answer, and the closing handshake. */
function chat(...fields: string[]): Row["send"] {
  return async ({ client }) => {
    await client.send(get("/chat", ...WEBSOCKET, "Sec-WebSocket-Protocol: chat, superchat", ...fields));
    assert.equal((await client.responseHead()).status, 101);
    const socket = new FrameWire(client, "client");
    await socket.send("größe");
    assert.equal(await socket.text(), "you said: größe");
    await socket.close(4001, "enough");
    assert.deepEqual(await socket.closed(), [4001, "enough"]);
    await client.close();
  };
}

const CHATTED = ["HTTP/1.1 101 ", "sec-websocket-protocol: superchat\r\n"];

const NO_TUNNEL: Row["serve"] = { why: "tunnels", expect: null };

/** The rows. */
export const upgrade: readonly Row[] = [
  {
    name: "a WebSocket: the handshake, a subprotocol of the origin's choice, messages and close codes pass",
    rfc: "6455 §4",
    send: chat(),
    origin: echo,
    expect: {
      answers: [],
      after: "unchecked",
      contains: CHATTED,
      origin: { fields: { connection: /^upgrade$/i, upgrade: "websocket", "sec-websocket-version": ["13"] } },
    },
  },
  {
    name: "a WebSocket's extension is the origin's to accept",
    rfc: "6455 §9.1",
    send: chat("Sec-WebSocket-Extensions: x-nothing"),
    origin: echo,
    expect: {
      answers: [],
      after: "unchecked",
      contains: [...CHATTED, "sec-websocket-extensions: x-nothing\r\n"],
      origin: { fields: { "sec-websocket-extensions": "x-nothing" } },
    },
    serve: {
      why: "tunnels",
      expect: {
        answers: [],
        after: "unchecked",
        contains: CHATTED,
        lacks: ["extensions"],
        origin: { fields: { "sec-websocket-extensions": null } },
      },
    },
  },
  {
    name: "a 101 that answers another key than was sent: whoever sent the key judges it",
    rfc: "6455 §4.1",
    send: async ({ client }) => {
      await client.send(get("/chat", ...WEBSOCKET.slice(0, 3), "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));
      await client.takeUntil(" ");
    },
    origin: async (request) => {
      await request.send(SWITCH);
      await request.connection.close();
    },
    expect: { answers: [], after: "unchecked", contains: ["HTTP/1.1 101 "] },
    serve: { why: "tunnels", expect: { answers: [], after: "unchecked", contains: ["HTTP/1.1 502 "] } },
  },
  ...[["to a protocol that nobody asked for", "Upgrade: echo"], ["to no protocol", "X-Upgrade: websocket"]].map((
    [what, field],
  ): Row => ({
    name: `a 101 ${what}`,
    rfc: SECTION,
    send: get("/chat", ...WEBSOCKET),
    origin: head("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", field) + "boo",
    expect: { status: 502, lacks: ["boo"], after: "either" },
  })),
  {
    name: "a handshake without a valid key",
    rfc: "6455 §4.2.2",
    send: get("/chat", ...WEBSOCKET.slice(0, 3), "Sec-WebSocket-Key: short"),
    origin: answer(400, "no key"),
    expect: { status: 400, body: "no key", after: "kept" },
    serve: { why: "tunnels", expect: { status: 400, body: /bad_websocket_key/, after: "kept", origin: "nothing" } },
  },
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
