import { strict as assert } from "node:assert";
import { BINARY, CONTINUATION, TEXT } from "../../../../src/http/websocket/opcode.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { until } from "../../../support/until.ts";
import { OpenSocket } from "./setup.ts";

/** What may be sent. */
const CODES: readonly (readonly [code: number, reason: string])[] = [
  [1000, "bye"],
  [1000, ""],
  [1001, "page left"],
  [1002, ""],
  [1003, ""],
  [1005, ""],
  [1007, ""],
  [1008, "größe"],
  [1009, ""],
  [1010, ""],
  [1011, "x".repeat(123)],
  [3000, ""],
  [4999, "own"],
];

for (const [code, reason] of CODES) {
  const what = `${code} ${JSON.stringify(reason.slice(0, 10))}`;

  Deno.test(`a client closes with ${what}: the endpoint hears it, and both connections end`, async () => {
    await using open = await OpenSocket.open();
    const { client, endpoint, gateway } = open;
    await client.close(code, reason);
    assert.deepEqual(await client.closed(), [code, reason]);
    assert.equal(await client.wire.ended(), "fin");
    assert.deepEqual(await endpoint.closed(), [code, reason]);
    await endpoint.close(code);
    await endpoint.wire.ended();
    assert.deepEqual([(await gateway.event()).status, (await gateway.event()).error], [101, ""]);
  });

  Deno.test(`an endpoint closes with ${what}: the client hears it, and both connections end`, async () => {
    await using open = await OpenSocket.open();
    const { client, endpoint, gateway } = open;
    await endpoint.close(code, reason);
    assert.deepEqual(await client.closed(), [code, reason]);
    assert.equal((await endpoint.closed())[0], code);
    await endpoint.wire.ended();
    await client.close(code);
    await client.wire.ended();
    assert.deepEqual([(await gateway.event()).status, (await gateway.event()).error], [101, ""]);
  });
}

Deno.test("codes that the runtime does not know pass from an endpoint to the client all the same", async () => {
  for (const code of [1012, 1013, 1014]) {
    await using open = await OpenSocket.open();
    await open.endpoint.close(code, "registered");
    assert.deepEqual(await open.client.closed(), [code, "registered"]);
  }
});

Deno.test("a client without a Close frame is gone: what it sent goes on, then the endpoint's connection ends", async () => {
  for (const leave of ["close", "reset", "halfClose"] as const) {
    await using open = await OpenSocket.open();
    const { client, endpoint, gateway } = open;
    await client.send("last words");
    assert.equal(await endpoint.text(), "last words");
    await client.wire[leave]();
    assert.deepEqual([...await endpoint.wire.takeToEnd()], [], leave);
    await open.request.connection.close();
    assert.deepEqual([(await gateway.event()).status, (await gateway.event()).error], [101, "client_closed_request"]);
  }
});

Deno.test("an endpoint without a Close frame: the client is told 1011, never 1006", async () => {
  for (const leave of ["close", "reset", "halfClose"] as const) {
    await using open = await OpenSocket.open();
    const { client, endpoint, gateway } = open;
    await endpoint.send("last words");
    assert.equal(await client.text(), "last words");
    await endpoint.wire[leave]();
    assert.deepEqual(await client.closed(), [1011, "the upstream broke off"], leave);
    await client.close(1011);
    await client.wire.ended();
    assert.equal((await gateway.event()).error, "upstream_reset");
  }
});

/** What an endpoint must not send, and the code that it is told. */
const VIOLATIONS: readonly (readonly [what: string, bytes: readonly number[], code: number])[] = [
  ["a masked frame", [0x81, 0x81, 1, 2, 3, 4, 0x60], 1002],
  ["a bit of an extension", [0xc1, 1, 0x61], 1002],
  ["a reserved opcode", [0x83, 0], 1002],
  ["a continuation of nothing", [0x80 | CONTINUATION, 1, 0x61], 1002],
  ["a new message before the end of the last", [TEXT, 1, 0x61, 0x80 | TEXT, 1, 0x61], 1002],
  ["a fragmented ping", [0x09, 0], 1002],
  ["a Close frame with half a code", [0x88, 1, 3], 1002],
  ["a Close frame with 1005", [0x88, 2, 3, 0xed], 1002],
  ["a length in a longer form than it needs", [0x82, 126, 0, 1, 7], 1002],
  ["text that is not UTF-8", [0x81, 1, 0xff], 1007],
  ["a message above 16 MiB, by its header", [0x80 | BINARY, 127, 0, 0, 0, 0, 1, 0, 0, 1, 7], 1009],
];

for (const [what, bytes, code] of VIOLATIONS) {
  Deno.test(`an endpoint sends ${what}: it is told ${code}, the client 1011, nothing goes on`, async () => {
    await using open = await OpenSocket.open();
    const { client, endpoint, gateway } = open;
    await endpoint.send("good");
    await endpoint.wire.send(Uint8Array.from(bytes));
    await endpoint.send("never seen").catch(() => {});
    assert.equal(await client.text(), "good");
    assert.deepEqual(await client.closed(), [1011, "the upstream broke the protocol"]);
    assert.equal((await endpoint.closed())[0], code);
    assert.equal(await endpoint.wire.ended(), "fin");
    await endpoint.wire.close();
    await client.close(1011);
    await client.wire.ended();
    assert.equal((await gateway.event()).error, "upstream_protocol_error");
  });
}

Deno.test("what the runtime finds wrong with a client ends both connections", async () => {
  const bad: readonly (readonly [number, Uint8Array])[] = [
    [TEXT, Uint8Array.of(0xff)],
    [0x40 | TEXT, new Uint8Array(1)],
    [0x03, new Uint8Array(0)],
    [CONTINUATION, new Uint8Array(1)],
  ];
  for (const [opcode, payload] of bad) {
    await using open = await OpenSocket.open();
    await open.client.frame(opcode, payload);
    await open.client.wire.ended();
    assert.deepEqual([...await open.endpoint.wire.takeToEnd()], [], String(opcode));
  }
});

Deno.test("a client's message above 16 MiB is 1009, and the endpoint sees none of it", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint, gateway } = open;
  await client.send(new Uint8Array(16 * 1024 * 1024 + 1));
  assert.deepEqual(await client.closed(), [1009, "too big"]);
  assert.deepEqual(await endpoint.closed(), [1001, "too big"]);
  await endpoint.close(1001);
  await client.close(1009);
  assert.equal((await gateway.event()).error, "message_too_large");
});

Deno.test("what an endpoint sends behind its Close frame goes nowhere", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint } = open;
  await endpoint.wire.send(Uint8Array.of(0x88, 2, 3, 0xe8, 0x81, 1, 0x61, 0x83, 0));
  assert.deepEqual(await client.closed(), [1000, ""]);
  assert.deepEqual(await endpoint.closed(), [1000, ""]);
  await client.close(1000);
  assert.deepEqual([...await client.wire.takeToEnd()], []);
  assert.equal((await open.gateway.event()).error, "");
});

Deno.test("both sides close at once: each has its answer, and both connections end", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint } = open;
  await Promise.all([client.close(4001), endpoint.close(4002)]);
  assert.ok([4001, 4002].includes((await client.closed())[0]));
  assert.ok([4001, 4002].includes((await endpoint.closed())[0]));
  await client.wire.ended();
  await endpoint.wire.ended();
});

Deno.test("an endpoint that never answers a Close frame is given up after ten seconds", async () => {
  const clock = new FakeClock();
  await using open = await OpenSocket.open({ clock });
  const { client, endpoint, gateway } = open;
  await client.close(1000);
  await endpoint.closed();
  await client.wire.ended();
  await clock.pass(9_900);
  assert.deepEqual([endpoint.wire.ending, gateway.completed.length], [null, 0]);
  await clock.pass(200);
  await endpoint.wire.ended();
  assert.deepEqual([(await gateway.event()).status, (await gateway.event()).error], [101, ""]);
});

Deno.test("a client that never answers a Close frame holds up nobody for more than ten seconds", async () => {
  const clock = new FakeClock();
  await using open = await OpenSocket.open({ clock });
  const { client, endpoint, gateway } = open;
  await endpoint.close(1000);
  await client.closed();
  await endpoint.wire.ended();
  await clock.pass(9_900);
  assert.equal(gateway.completed.length, 0);
  await clock.pass(200);
  assert.equal((await gateway.event()).status, 101);
});

Deno.test("without a word for ten minutes, both sides are told 1001; any message, or a ping of the endpoint, starts anew", async () => {
  const clock = new FakeClock();
  await using open = await OpenSocket.open({ clock });
  const { client, endpoint, gateway } = open;
  clock.advance(590_000);
  await client.send("I am here");
  await endpoint.text();
  clock.advance(590_000);
  await endpoint.send("so am I");
  await client.text();
  clock.advance(590_000);
  await endpoint.ping("still");
  await endpoint.pong();
  clock.advance(599_000);
  assert.deepEqual([client.wire.takeNow(), endpoint.wire.takeNow()].map(({ length }) => length), [0, 0]);
  clock.advance(1_200);
  assert.deepEqual(await client.closed(), [1001, "idle"]);
  assert.deepEqual(await endpoint.closed(), [1001, "idle"]);
  await client.close(1001);
  await endpoint.close(1001);
  assert.equal((await gateway.event()).error, "tunnel_idle_timeout");
});

Deno.test("nothing is left on the clock when a socket has ended", async () => {
  const clock = new FakeClock();
  await using open = await OpenSocket.open({ clock });
  await open.endpoint.close(1000);
  await open.client.closed();
  await open.client.close(1000);
  await open.gateway.event();
  // The wheel turns on for a while, and the pool of connections has its own.
  clock.advance(120_000);
  await until(() => clock.pending === 0, "no timer");
});
