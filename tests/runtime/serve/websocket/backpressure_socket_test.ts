import { strict as assert } from "node:assert";
import { BINARY } from "../../../../src/http/websocket/opcode.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { whenStill } from "../../h1/setup.ts";
import { OpenSocket } from "./setup.ts";

const MIB = 1024 * 1024;

Deno.test("an endpoint is not read while its client does not read, and nothing is lost", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint } = open, total = 64;
  client.wire.pause();
  let taken = 0;
  const sending = (async () => {
    for (let i = 0; i < total; i++) {
      await endpoint.send(new Uint8Array(MIB).fill(i));
      taken++;
    }
  })();
  const held = await whenStill(() => taken);
  assert.ok(held < total / 2, `${held} MiB were taken`);
  client.wire.resume();
  for (let i = 0; i < total; i++) {
    const { opcode, payload } = await client.next();
    assert.deepEqual([opcode, payload.length, payload[0], payload[MIB - 1]], [BINARY, MIB, i, i]);
  }
  await sending;
});

Deno.test("an endpoint that does not read what its client sends costs the connection, not the memory", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint, gateway } = open;
  endpoint.wire.pause();
  const piece = new Uint8Array(MIB);
  let sent = 0;
  // The runtime reads whatever is sent. One that still sends behind the Close frame is dropped, and may not see it.
  while (client.wire.ending === null && client.wire.takeNow().length === 0) {
    await client.send(piece).catch(() => {});
    assert.ok(++sent < 200, "200 MiB were taken");
  }
  assert.ok(sent > 16, `given up after ${sent} MiB`);
  endpoint.wire.resume();
  let last = await endpoint.next();
  for (; last.opcode === BINARY; last = await endpoint.next()) assert.equal(last.payload.length, MIB);
  assert.deepEqual([...last.payload.subarray(0, 2)], [1001 >> 8, 1001 & 255]);
  await endpoint.close(1001);
  assert.equal((await gateway.event()).error, "tunnel_overflow");
});

Deno.test("a client that goes away while it reads nothing frees its endpoint", async () => {
  await using open = await OpenSocket.open();
  const { client, endpoint } = open;
  client.wire.pause();
  const sending = endpoint.send(new Uint8Array(8 * MIB)).catch(() => {});
  await whenStill(() => 0);
  await client.wire.reset();
  await sending;
  assert.deepEqual([...await endpoint.wire.takeToEnd()], []);
  await endpoint.wire.close();
  assert.equal((await open.gateway.event()).error, "client_closed_request");
});

Deno.test("a client that reads nothing is idle after ten minutes, whatever its endpoint would send", async () => {
  const clock = new FakeClock();
  await using open = await OpenSocket.open({ clock });
  const { client, endpoint } = open;
  client.wire.pause();
  const sending = endpoint.send(new Uint8Array(8 * MIB)).catch(() => {});
  await whenStill(() => 0);
  clock.advance(601_000);
  assert.deepEqual(await endpoint.closed(), [1001, "idle"]);
  await endpoint.close(1001);
  clock.advance(11_000);
  assert.equal((await open.gateway.event()).error, "tunnel_idle_timeout");
  client.wire.resume();
  await sending;
});
