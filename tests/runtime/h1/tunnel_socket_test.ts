import { strict as assert } from "node:assert";
import { acceptKey } from "../../../src/http/websocket/accept_key.ts";
import { closeFrame, encodeFrame } from "../../../src/http/websocket/frame.ts";
import { applyMask } from "../../../src/http/websocket/mask.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { type Bytes, toBytes, toText } from "../../support/latin1.ts";
import type { RawClient } from "../../support/raw_client.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../../support/scripted_origin.ts";
import type { TestGateway } from "../../support/test_gateway.ts";
import { passUntil } from "../../support/until.ts";
import { arrive, gatewayTo, get } from "./setup.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==", TEXT = 1;
const HANDSHAKE = [
  "connection: Upgrade",
  "upgrade: websocket",
  "sec-websocket-version: 13",
  `sec-websocket-key: ${KEY}`,
];
const GOODBYE = closeFrame(1001, "going away");
const MASK = new Uint8Array([1, 2, 3, 4]);

/** The head of a 101. */
async function switching(protocol = "websocket", ...fields: string[]): Promise<string> {
  const accept = protocol === "websocket" ? [`sec-websocket-accept: ${await acceptKey(KEY)}`] : [];
  return ["HTTP/1.1 101 Switching Protocols", `upgrade: ${protocol}`, "connection: Upgrade", ...accept, ...fields]
    .join("\r\n") + "\r\n\r\n";
}

const text = (data: string, mask?: Uint8Array) =>
  encodeFrame({ fin: true, opcode: TEXT, payload: toBytes(data), mask });

/** An origin that switches and then does as it is told. */
function switchingOrigin(
  play: (request: OriginRequest) => Promise<void>,
  protocol = "websocket",
): Promise<ScriptedOrigin> {
  return ScriptedOrigin.start({
    async connection(connection) {
      const request = (await connection.nextRequest())!;
      await request.send(await switching(protocol));
      await play(request);
    },
  });
}

/** A client that has switched. */
async function upgraded(gateway: TestGateway, protocol = "websocket"): Promise<RawClient> {
  const client = await gateway.connect();
  await client.send(get("/", ...HANDSHAKE.with(1, `upgrade: ${protocol}`)));
  assert.equal((await client.responseHead()).status, 101);
  return client;
}

/** Waits until exactly these bytes are there, and takes them. */
async function takes(wire: { take(count: number): Promise<Uint8Array> }, bytes: Bytes): Promise<void> {
  const expected = toBytes(bytes);
  assert.equal(toText(await wire.take(expected.length)), toText(expected));
}

Deno.test("a WebSocket passes with its subprotocol and permessage-deflate as both sides said them, and its bytes as they are", async () => {
  const extras = [
    "sec-websocket-protocol: chat",
    "sec-websocket-extensions: permessage-deflate; server_no_context_takeover",
  ];
  await using origin = await ScriptedOrigin.start({
    async connection(connection) {
      const request = (await connection.nextRequest())!;
      await request.send(await switching("websocket", ...extras));
      for (;;) await connection.send(await connection.take(1));
    },
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  const offers = [
    "sec-websocket-protocol: chat, superchat",
    "sec-websocket-extensions: permessage-deflate; client_max_window_bits",
  ];
  await client.send(get("/", ...HANDSHAKE, ...offers));
  const head = await client.responseHead(), [request] = origin.connections[0].requests;
  for (const field of ["protocol", "extensions"]) {
    assert.equal(request.header(`sec-websocket-${field}`), offers.join("\n").match(`${field}: (.*)`)![1]);
    assert.equal(head.header(`sec-websocket-${field}`), extras.join("\n").match(`${field}: (.*)`)![1]);
  }
  assert.equal(head.header("sec-websocket-accept"), await acceptKey(KEY));
  assert.deepEqual([head.header("upgrade"), head.header("connection")], ["websocket", "upgrade"]);
  assert.deepEqual([request.header("upgrade"), request.header("sec-websocket-key")], ["websocket", KEY]);
  // A compressed frame, and bytes that are no frame at all: none is touched.
  const compressed = text("zzz", MASK);
  compressed[0] |= 0x40;
  for (const bytes of [compressed, text("one", MASK), toBytes("\x00\xff no frame")]) {
    await client.send(bytes);
    await takes(client, bytes);
  }
});

Deno.test("bytes that come early, with the request and with the 101, go behind the heads, in both directions", async () => {
  await using origin = await ScriptedOrigin.start({
    async connection(connection) {
      const request = (await connection.nextRequest())!;
      await request.send(await switching("echo"), "EARLY ");
      await connection.takeUntil("early late");
      await connection.send("LATE");
      await connection.gone();
    },
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  await client.send(get("/", "connection: upgrade", "upgrade: echo") + "early ");
  assert.equal((await client.responseHead()).status, 101);
  await takes(client, "EARLY ");
  await client.send("late");
  await takes(client, "LATE");
});

Deno.test("a tunnel's line in the log: 101, the bytes of both directions, and no error", async () => {
  await using origin = await switchingOrigin(async ({ connection }) => {
    await connection.takeUntil("12345");
    await connection.send("1234567");
    await connection.close();
  }, "echo");
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await upgraded(gateway, "echo");
  await client.send("12345");
  assert.equal(toText(await client.takeToEnd()), "1234567");
  await client.close();
  const { status, bytesIn, bytesOut, error } = await gateway.event();
  assert.deepEqual([status, bytesIn, bytesOut, error], [101, 5, 7, ""]);
});

for (const status of [403, 200, 426]) {
  Deno.test(`a handshake that the origin answers with ${status}: status, fields and body pass, the connection goes on`, async () => {
    await using origin = await ScriptedOrigin.start([
      answer(status, "not you", "x-why: 1", "sec-websocket-version: 13"),
    ]);
    await using gateway = gatewayTo(origin, { clock: new FakeClock() });
    await using client = await gateway.connect();
    for (let i = 0; i < 2; i++) {
      const response = await client.exchange(get("/", ...HANDSHAKE));
      assert.deepEqual([response.status, response.text, response.header("x-why")], [status, "not you", "1"]);
      assert.deepEqual([response.header("upgrade"), response.header("sec-websocket-version")], [null, "13"]);
    }
  });
}

Deno.test("a tunnel half closed by one side passes what the other still says, then ends", async () => {
  await using origin = await switchingOrigin(async ({ connection }) => {
    assert.equal(toText(await connection.takeToEnd()), "ask");
    await connection.send("answer");
    await connection.close();
  }, "echo");
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await upgraded(gateway, "echo");
  await client.send("ask");
  await client.halfClose();
  assert.equal(toText(await client.takeToEnd()), "answer");
  assert.equal((await gateway.event()).error, "");
});

for (const way of ["reset", "close"] as const) {
  Deno.test(`a client that ${way}s its tunnel: the origin is told`, async () => {
    const clock = new FakeClock();
    await using origin = await switchingOrigin(async ({ connection }) => void await connection.gone(), "echo");
    await using gateway = gatewayTo(origin, { clock });
    await using client = await upgraded(gateway, "echo");
    await client[way]();
    await passUntil(clock, origin.connections[0].ended(), 1_000);
    // What is half closed may stay so for ten seconds.
    await passUntil(clock, gateway.event(), 1_000);
    assert.equal((await gateway.event()).status, 101);
  });
}

Deno.test("an origin that resets its tunnel: the client is told", async () => {
  await using origin = await switchingOrigin(async ({ connection }) => {
    await connection.takeUntil("go");
    await connection.reset();
  }, "echo");
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await upgraded(gateway, "echo");
  await client.send("go");
  await client.ended();
  assert.equal((await gateway.event()).error, "upstream_reset");
});

Deno.test("a quiet tunnel is closed at its time-out, on both sides; a byte in either direction renews it", async () => {
  const clock = new FakeClock();
  await using origin = await switchingOrigin(async ({ connection }) => {
    await connection.takeUntil("up");
    await connection.send("down");
    await connection.gone();
  });
  await using gateway = gatewayTo(origin, { clock, listen: { timeouts: { tunnel: "20s" } } });
  await using client = await upgraded(gateway);
  clock.advance(19_000);
  await client.send("up");
  await takes(client, "down");
  clock.advance(19_000);
  await arrive();
  assert.deepEqual([client.ending, gateway.completed.length], [null, 0]);
  clock.advance(1_300);
  await client.ended();
  await origin.connections[0].ended();
  const { status, error } = await gateway.event();
  assert.deepEqual([status, error], [101, "tunnel_idle_timeout"]);
});

Deno.test("at shutdown a WebSocket gets 1001 between two frames, in both directions, and its end is waited for", async () => {
  const clock = new FakeClock(), stop = Promise.withResolvers<void>();
  await using origin = await switchingOrigin(async ({ connection }) => {
    const frame = text("half"), first = frame.slice(0, 3);
    await connection.send(first);
    await stop.promise;
    await connection.send(frame.slice(3), text("never"));
    await connection.gone();
  });
  await using gateway = gatewayTo(origin, { clock });
  await using client = await upgraded(gateway);
  await takes(client, text("half").slice(0, 3));
  const stopped = gateway.gateway.stop();
  // The engine drains when no request has come for two looks.
  await clock.pass(100);
  await arrive();
  assert.equal(client.takeNow().length, 0, "no byte of ours within a frame");
  const [connection] = origin.connections, up = await connection.take(GOODBYE.length + 4);
  applyMask(up, 6, up.length, up.slice(2, 6), 0);
  assert.equal(toText(up.slice(6)), toText(GOODBYE.slice(2)), "the origin's side was between two frames");
  stop.resolve();
  await takes(client, text("half").slice(3));
  await takes(client, GOODBYE);
  assert.equal(gateway.completed.length, 0, "the client may answer");
  await client.send(closeFrame(1001, "", MASK));
  await client.ended();
  assert.deepEqual(await stopped, { drained: true });
  assert.equal(client.takeNow().length, 0, "nothing behind the Close frame");
});

Deno.test("at shutdown a WebSocket that never answers is cut when the grace time is over", async () => {
  const clock = new FakeClock();
  await using origin = await switchingOrigin(async ({ connection }) => void await connection.gone());
  await using gateway = gatewayTo(origin, { clock, grace: "1s" });
  await using client = await upgraded(gateway);
  const stopped = gateway.gateway.stop();
  await passUntil(clock, stopped, 100);
  assert.deepEqual(await stopped, { drained: false });
  assert.equal(toText(await client.takeToEnd()), toText(GOODBYE));
  assert.equal((await gateway.event()).error, "shutting_down");
});

Deno.test("a tunnel counts as a request under way", async () => {
  await using origin = await switchingOrigin(async ({ connection }) => void await connection.gone());
  await using gateway = gatewayTo(origin, { clock: new FakeClock(), listen: { limits: { inFlight: 1 } } });
  await using client = await upgraded(gateway);
  await using other = await gateway.connect();
  assert.equal((await other.exchange(get("/", ...HANDSHAKE))).status, 503);
  await client.close();
});

for (const upgrade of ["h2c", "HTTP/2.0", "TLS/1.0"]) {
  Deno.test(`an upgrade to ${upgrade} is not asked of the origin`, async () => {
    await using origin = await ScriptedOrigin.start([answer(200, "plain")]);
    await using gateway = gatewayTo(origin, { clock: new FakeClock() });
    await using client = await gateway.connect();
    const fields = ["connection: upgrade, http2-settings", `upgrade: ${upgrade}`, "http2-settings: AAMAAABk"];
    assert.equal((await client.exchange(get("/", ...fields))).text, "plain");
    assert.deepEqual(["upgrade", "http2-settings"].map((name) => origin.requests[0].header(name)), [null, null]);
  });
}
