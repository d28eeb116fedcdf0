import { strict as assert } from "node:assert";
import { acceptKey, isWebSocketKey, newWebSocketKey } from "../../../../src/http/websocket/accept_key.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../../../support/scripted_origin.ts";
import { FrameWire } from "./frame_wire.ts";
import { BY_HAND, gatewayTo, handshake, switching } from "./setup.ts";

Deno.test("the endpoint is asked with a key of the gateway's own and no extensions; all else goes on", async () => {
  await using origin = await ScriptedOrigin.start(BY_HAND);
  await using gateway = gatewayTo(origin);
  await using client = await gateway.connect();
  const sent = handshake(
    "sec-websocket-protocol: chat, superchat",
    "sec-websocket-extensions: permessage-deflate",
    "origin: https://a.example",
    "cookie: a=1",
  );
  await client.send(sent);
  const request = await origin.request();
  const key = request.header("sec-websocket-key") ?? "";
  assert.ok(isWebSocketKey(key) && !sent.includes(key), key);
  assert.deepEqual(
    ["connection", "upgrade", "sec-websocket-version", "sec-websocket-protocol", "sec-websocket-extensions", "origin"]
      .map((name) => request.header(name)),
    ["upgrade", "websocket", "13", "chat, superchat", null, "https://a.example"],
  );
  assert.equal(request.target, "/chat?room=1");
  assert.equal(request.header("cookie"), "a=1");
});

Deno.test("the client gets the runtime's own accept, and what the endpoint said: subprotocol, cookies, fields", async () => {
  await using origin = await ScriptedOrigin.start(BY_HAND);
  await using gateway = gatewayTo(origin);
  await using client = await gateway.connect();
  const sent = handshake("sec-websocket-protocol: chat,superchat"), key = /key: (.*)/.exec(sent)![1];
  await client.send(sent);
  const request = await origin.request();
  const fields = ["sec-websocket-protocol: superchat", "set-cookie: a=1", "set-cookie: b=2", "keep-alive: timeout=5"];
  await request.send(switching(request, ...fields, "date: Tue, 01 Jan 2030 00:00:00 GMT"));
  const head = await client.responseHead();
  assert.equal(head.status, 101);
  assert.deepEqual(
    ["upgrade", "sec-websocket-accept", "sec-websocket-protocol", "keep-alive", "date", "via"].map((name) =>
      head.header(name)
    ),
    ["websocket", acceptKey(key), "superchat", null, "Tue, 01 Jan 2030 00:00:00 GMT", "1.1 gatewright"],
  );
  assert.match(head.header("connection") ?? "", /^upgrade$/i);
  assert.equal(head.header("set-cookie"), "a=1, b=2");
  assert.match(head.header("x-request-id") ?? "", /^[\w.-]+$/);
});

/** Answers that leave the connection as it was. */
for (
  const [name, status, body] of [
    ["403", 403, "not you"],
    ["200", 200, "no WebSocket here"],
    ["426", 426, ""],
  ] as const
) {
  Deno.test(`a ${name} of the endpoint passes with its body, and the connection goes on`, async () => {
    await using origin = await ScriptedOrigin.start([
      answer(status, body, "sec-websocket-version: 13", "x-why: because"),
      answer(200, "next"),
    ]);
    await using gateway = gatewayTo(origin);
    await using client = await gateway.connect();
    const refused = await client.exchange(handshake());
    assert.deepEqual(
      [refused.status, refused.text, refused.header("x-why"), refused.header("sec-websocket-version")],
      [status, body, "because", "13"],
    );
    assert.equal((await client.exchange("GET / HTTP/1.1\r\nhost: a\r\n\r\n")).text, "next");
    assert.deepEqual([(await gateway.event()).status, (await gateway.event()).error], [status, ""]);
  });
}

/** Switches that no client may accept (RFC 6455 §4.1). */
const BAD_SWITCHES: readonly (readonly [what: string, head: (request: OriginRequest) => string])[] = [
  ["another accept", (request) => switching(request).replace(/accept: .*/, `accept: ${acceptKey(newWebSocketKey())}`)],
  ["no accept", (request) => switching(request).replace(/sec-websocket-accept: .*\r\n/, "")],
  ["two accepts", (request) => switching(request, "sec-websocket-accept: x")],
  ["another protocol", (request) => switching(request).replace("upgrade: websocket", "upgrade: h2c")],
  ["no Upgrade", (request) => switching(request).replace("upgrade: websocket\r\n", "")],
  ["no Connection", (request) => switching(request).replace("connection: Upgrade\r\n", "")],
  ["an extension", (request) => switching(request, "sec-websocket-extensions: permessage-deflate")],
  ["a subprotocol nobody offered", (request) => switching(request, "sec-websocket-protocol: other")],
  ["two subprotocols", (request) => switching(request, "sec-websocket-protocol: chat, superchat")],
];

for (const [what, head] of BAD_SWITCHES) {
  Deno.test(`a 101 with ${what} is a 502, and its connection ends`, async () => {
    await using origin = await ScriptedOrigin.start(BY_HAND);
    await using gateway = gatewayTo(origin);
    await using client = await gateway.connect();
    await client.send(handshake("sec-websocket-protocol: chat, superchat"));
    const request = await origin.request();
    await request.send(head(request));
    const refused = await client.response();
    assert.equal(refused.status, 502);
    assert.equal(JSON.parse(refused.text).code, "upstream_protocol_error");
    await request.connection.ended();
    const { status, error } = await gateway.event();
    assert.deepEqual([status, error], [502, "upstream_protocol_error"]);
    assert.ok(
      gateway.log.some(({ level, fields }) =>
        level === "warn" && typeof (fields?.reason ?? fields?.cause) === "string"
      ),
    );
  });
}

Deno.test("a handshake whose key is not 16 bytes is a 400 that reaches nobody", async () => {
  await using origin = await ScriptedOrigin.start(answer(200));
  await using gateway = gatewayTo(origin);
  for (const key of ["sec-websocket-key: short\r\n", "sec-websocket-key: !!!!!!!!!!!!!!!!!!!!!!==\r\n"]) {
    await using client = await gateway.connect();
    const refused = await client.exchange(handshake().replace(/sec-websocket-key: .*\r\n/, key));
    assert.deepEqual([refused.status, JSON.parse(refused.text).code], [400, "bad_websocket_key"]);
  }
  assert.equal(origin.requests.length, 0);
});

Deno.test("what asks for no WebSocket goes on as a plain request", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "plain"));
  await using gateway = gatewayTo(origin);
  const asked = handshake();
  const plain = [
    asked.replace("connection: keep-alive, Upgrade", "connection: keep-alive"),
    asked.replace("upgrade: websocket", "upgrade: h2c"),
    asked.replace("upgrade: websocket\r\n", ""),
    asked.replace("GET", "DELETE"),
    asked.replace(/sec-websocket-key: .*\r\n/, ""),
  ];
  for (const [index, request] of plain.entries()) {
    await using client = await gateway.connect();
    const { status, text } = await client.exchange(request);
    assert.deepEqual([status, text], [200, "plain"], request);
    assert.equal((await origin.request(index)).header("upgrade"), null);
  }
});

Deno.test("a client that leaves before the endpoint has answered is missed at once: no socket waits for it", async () => {
  // Time stands still: what takes its time before it looks, as other requests do, does not look.
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(BY_HAND);
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send(handshake());
  const { connection } = await origin.request();
  await client.close();
  await connection.ended();
  assert.equal((await gateway.event()).status, 499);
});

Deno.test("an endpoint's frames that come with its 101 follow it", async () => {
  await using origin = await ScriptedOrigin.start(BY_HAND);
  await using gateway = gatewayTo(origin);
  await using client = await gateway.connect();
  await client.send(handshake());
  const request = await origin.request();
  await request.send(switching(request), Uint8Array.of(0x81, 2, 0x68, 0x69));
  assert.equal((await client.responseHead()).status, 101);
  assert.equal(await new FrameWire(client, "client").text(), "hi");
});

Deno.test("the runtime's own WebSocket speaks with an endpoint through the gateway", async () => {
  await using origin = await ScriptedOrigin.start(BY_HAND);
  await using gateway = gatewayTo(origin);
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/chat`, ["chat", "superchat"]);
  const opened = Promise.withResolvers<void>(), message = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<CloseEvent>();
  socket.onopen = () => opened.resolve();
  socket.onmessage = ({ data }) => message.resolve(data);
  socket.onclose = closed.resolve;
  const request = await origin.request(), endpoint = new FrameWire(request.connection, "server");
  await request.send(switching(request, "sec-websocket-protocol: superchat"));
  await opened.promise;
  assert.equal(socket.protocol, "superchat");
  socket.send("ping?");
  assert.equal(await endpoint.text(), "ping?");
  await endpoint.send("pong!");
  assert.equal(await message.promise, "pong!");
  await endpoint.close(4321, "enough");
  const { code, reason, wasClean } = await closed.promise;
  assert.deepEqual([code, reason, wasClean], [4321, "enough", true]);
});
