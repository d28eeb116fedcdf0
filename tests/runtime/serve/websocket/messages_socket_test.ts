import { strict as assert } from "node:assert";
import { BINARY, CONTINUATION, PING, PONG, TEXT } from "../../../../src/http/websocket/opcode.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { OpenSocket } from "./setup.ts";

const SIZES = [0, 1, 125, 126, 65_535, 65_536, 1024 * 1024];

Deno.test("messages pass both ways, text as text and bytes as bytes", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint } = open;
  for (const text of ["", "hello", "größe € 😀\u0000", "\ufeffmark"]) {
    await client.send(text);
    const up = await endpoint.next();
    assert.deepEqual([up.opcode, up.fin, up.masked, up.text], [TEXT, true, true, new TextDecoder().decode(up.payload)]);
    assert.deepEqual(up.payload, new TextEncoder().encode(text));
    await endpoint.send(text);
    const down = await client.next();
    assert.deepEqual([down.opcode, down.fin, down.masked], [TEXT, true, false]);
    assert.deepEqual(down.payload, new TextEncoder().encode(text));
  }
  for (const size of SIZES) {
    const bytes = Uint8Array.from({ length: size }, (_, i) => i * 7);
    const sending = client.send(bytes), up = await endpoint.next();
    await sending;
    assert.equal(up.opcode, BINARY);
    assert.deepEqual(up.payload, bytes);
    const answering = endpoint.send(bytes), down = await client.next();
    await answering;
    assert.equal(down.opcode, BINARY);
    assert.deepEqual(down.payload, bytes);
  }
});

Deno.test("fragments arrive as whole messages, control frames between them or not", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint } = open;
  for (const [from, to] of [[client, endpoint], [endpoint, client]]) {
    // The euro sign is cut in two.
    await from.frame(TEXT, Uint8Array.of(0x61, 0xe2), false);
    await from.ping("between");
    await from.frame(CONTINUATION, Uint8Array.of(0x82), false);
    await from.frame(CONTINUATION, Uint8Array.of(0xac), true);
    assert.equal(await from.pong(), "between");
    assert.equal(await to.text(), "a€");
  }
});

Deno.test("frames of an endpoint may come in any pieces, and many in one", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint, request } = open;
  const bytes = Uint8Array.of(0x81, 3, 0x6f, 0x6e, 0x65, 0x82, 1, 7, 0x81, 0);
  for (const byte of bytes) await request.connection.sendPieces([Uint8Array.of(byte)]);
  await request.send(bytes, bytes);
  for (let i = 0; i < 3; i++) {
    assert.equal(await client.text(), "one");
    assert.deepEqual((await client.next()).payload, Uint8Array.of(7));
    assert.equal(await client.text(), "");
  }
  await endpoint.send("last");
  assert.equal(await client.text(), "last");
});

Deno.test("pings end at each hop: each side is answered here, and the other hears nothing of it", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint } = open;
  await client.ping("from the client");
  assert.equal(await client.pong(), "from the client");
  await endpoint.ping("from the endpoint");
  const pong = await endpoint.next();
  assert.deepEqual([pong.opcode, pong.masked, pong.text], [PONG, true, "from the endpoint"]);
  await endpoint.frame(PONG, "unasked");
  await client.frame(PONG, "unasked");
  // What comes next shows that nothing came before.
  await client.send("up");
  assert.equal(await endpoint.text(), "up");
  await endpoint.send("down");
  assert.equal(await client.text(), "down");
});

Deno.test("of many pings that wait only the last is answered: they cannot pile up", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint } = open;
  const pings = Array.from({ length: 500 }, (_, i) => `ping ${i}`);
  const bytes = pings.flatMap((text) => [0x80 | PING, text.length, ...new TextEncoder().encode(text)]);
  await endpoint.wire.send(Uint8Array.from(bytes));
  const answers: string[] = [];
  while (answers.at(-1) !== "ping 499") answers.push(await endpoint.pong());
  assert.ok(answers.length < 100, `${answers.length} pongs`);
  await client.send("still there");
  assert.equal(await endpoint.text(), "still there");
});

Deno.test("the request is logged when the socket ends: 101, and bytes of payload", async () => {
  const clock = new FakeClock();
  await using open = await OpenSocket.open({ clock });
  const { client, endpoint, gateway } = open;
  await client.send("four");
  await endpoint.text();
  await endpoint.send("sixsix");
  await client.text();
  assert.deepEqual(gateway.completed, []);
  clock.advance(1_500);
  await client.close();
  await endpoint.closed();
  await endpoint.close();
  const { status, bytesIn, bytesOut, error, path, duration, attempts } = await gateway.event();
  assert.deepEqual([status, bytesIn, bytesOut, error], [101, 4, 6, ""]);
  assert.deepEqual([path, duration, attempts], ["/chat", 1_500, 1]);
});

Deno.test("a text message with a whole megabyte of characters of four bytes stays as it is", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint } = open, text = "😀".repeat(256 * 1024);
  const sending = client.send(text);
  assert.equal(await endpoint.text(), text);
  await sending;
  const answering = endpoint.send(text);
  assert.equal(await client.text(), text);
  await answering;
});
