import { strict as assert } from "node:assert";
import { FakeClock } from "../../../support/fake_clock.ts";
import { ScriptedOrigin } from "../../../support/scripted_origin.ts";
import { passUntil } from "../../../support/until.ts";
import { FrameWire } from "./frame_wire.ts";
import { BY_HAND, gatewayTo, handshake, OpenSocket, switching } from "./setup.ts";

Deno.test("a gateway that stops tells both sides 1001 and waits for their answers", async () => {
  const clock = new FakeClock();
  await using open = await OpenSocket.open({ clock });
  const { client, endpoint, gateway } = open, stopped = gateway.gateway.stop();
  const told = Promise.all([client.closed(), endpoint.closed()]);
  await passUntil(clock, told, 20);
  const [near, far] = await told;
  // A runtime that closes its listener says so to the client as well, in words of its own, and is often the faster.
  assert.equal(near[0], 1001);
  assert.deepEqual(far, [1001, "going away"]);
  assert.deepEqual(gateway.completed, []);
  await client.close(1001);
  assert.deepEqual([...await client.wire.takeToEnd()], []);
  await endpoint.close(1001);
  assert.deepEqual(await stopped, { drained: true });
  const { status, error } = await gateway.event();
  assert.deepEqual([status, error], [101, ""]);
});

Deno.test("a gateway that stops waits no longer than ten seconds for answers to 1001", async () => {
  const clock = new FakeClock();
  await using open = await OpenSocket.open({ clock });
  const stopped = open.gateway.gateway.stop();
  const told = Promise.all([open.client.closed(), open.endpoint.closed()]);
  await passUntil(clock, told, 20);
  assert.deepEqual((await told).map(([code]) => code), [1001, 1001]);
  await passUntil(clock, stopped, 1_000);
  assert.deepEqual(await stopped, { drained: true });
  assert.ok(clock.now() < 15_000, String(clock.now()));
});

Deno.test("when the time to stop is over, open sockets are given up", async () => {
  const clock = new FakeClock();
  await using open = await OpenSocket.open({ clock, grace: "2s" });
  const stopped = open.gateway.gateway.stop();
  await passUntil(clock, stopped, 100);
  assert.deepEqual(await stopped, { drained: false });
  const { status, error } = await open.gateway.event();
  assert.deepEqual([status, error], [101, "shutting_down"]);
  await open.endpoint.wire.ended();
});

Deno.test("a handshake that ends while the gateway stops is followed by 1001 at once", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(BY_HAND);
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send(handshake());
  const request = await origin.request(), stopped = gateway.gateway.stop();
  // Past the looks at whether requests still come: the listener is closed then.
  await clock.pass(1_000);
  await request.send(switching(request));
  assert.equal((await client.responseHead()).status, 101);
  const near = new FrameWire(client, "client"), far = new FrameWire(request.connection, "server");
  assert.equal((await near.closed())[0], 1001);
  assert.deepEqual(await far.closed(), [1001, "going away"]);
  await near.close(1001);
  await far.close(1001);
  await passUntil(clock, stopped, 100);
  assert.deepEqual(await stopped, { drained: true });
});

Deno.test("an open socket counts as a request under way", async () => {
  await using origin = await ScriptedOrigin.start(BY_HAND);
  await using gateway = gatewayTo(origin, { inFlight: 1 });
  await using client = await gateway.connect();
  await using other = await gateway.connect();
  await client.send(handshake());
  const request = await origin.request();
  await request.send(switching(request));
  await client.responseHead();
  assert.equal((await other.exchange("GET / HTTP/1.1\r\nhost: a\r\n\r\n")).status, 503);
  await client.close();
  await request.connection.ended();
});
