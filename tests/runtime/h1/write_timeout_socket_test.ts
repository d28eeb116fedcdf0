import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { passUntil } from "../../support/until.ts";
import { arrive, gatewayTo, get, whenStill } from "./setup.ts";

const MIB = 1 << 20, LARGE = 40 * MIB;
const PATIENT = { head: "10h", idle: "10h" } as const;

Deno.test("a client that reads nothing of a large answer is closed, and the origin's answer is given up", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start({
    async connection(connection) {
      await connection.nextRequest();
      await connection.send(`HTTP/1.1 200 OK\r\ncontent-length: ${LARGE}\r\n\r\n`);
      await connection.send(new Uint8Array(LARGE)).catch(() => {});
      await connection.gone();
    },
  });
  await using gateway = gatewayTo(origin, { clock, timeouts: PATIENT, listen: { timeouts: { write: "5s" } } });
  await using client = await gateway.connect();
  client.pause();
  await client.send(get());
  await origin.connection();
  await origin.connection();
  await whenStill(() => gateway.completed.length);
  clock.advance(4_800);
  await arrive();
  assert.equal(gateway.completed.length, 0, "still waited for");
  await passUntil(clock, gateway.event(), 100);
  const { status, error } = await gateway.event();
  assert.deepEqual([status, error], [200, "client_write_timeout"]);
  assert.ok(clock.now() < 6_000, `after ${clock.now()} ms`);
  await origin.connections[0].ended();
  client.resume();
  await client.ended();
  assert.ok(client.received.length < LARGE, "never whole");
});

Deno.test("a client that reads nothing of an answer from memory is closed", async () => {
  const clock = new FakeClock();
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/", handler: () => new Response(new Uint8Array(LARGE)) }] }),
    { clock },
    { engine: "h1", timeouts: { write: "5s" } },
  );
  await using client = await gateway.connect();
  client.pause();
  await client.send(get());
  await whenStill(() => gateway.completed.length);
  await passUntil(clock, gateway.event(), 100);
  assert.equal((await gateway.event()).error, "client_write_timeout");
  assert.ok(clock.now() < 6_000, `after ${clock.now()} ms`);
});

Deno.test("an answer that the origin takes its time with is not the client's fault", async () => {
  const clock = new FakeClock(), go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n", "ab");
    await go.promise;
    await request.send("cd");
  });
  await using gateway = gatewayTo(origin, {
    clock,
    timeouts: PATIENT,
    listen: { timeouts: { write: "5s", body: "5s", idle: "5s", header: "5s" }, limits: { minRate: 1000 } },
  });
  await using client = await gateway.connect();
  await client.send(get());
  await origin.request();
  await arrive();
  clock.advance(60_000);
  await arrive();
  go.resolve();
  assert.equal((await client.response()).text, "abcd");
});

/** Reads half a mebibyte of a large answer each second. @returns how it ended within 40 s, or `null` when it went on */
async function sip(minRate: number, body: "streamed" | "whole"): Promise<string | null> {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start({
    async connection(connection) {
      await connection.nextRequest();
      await connection.send(`HTTP/1.1 200 OK\r\ncontent-length: ${LARGE}\r\n\r\n`);
      await connection.send(new Uint8Array(LARGE)).catch(() => {});
      await connection.gone();
    },
  });
  await using gateway = TestGateway.start(
    defineGateway({
      upstreams: { o: { endpoints: [origin.url], timeouts: PATIENT } },
      routes: [
        { path: "/streamed", upstream: "o" },
        { path: "/whole", handler: () => new Response(new Uint8Array(LARGE)) },
      ],
    }),
    { clock },
    { engine: "h1", timeouts: { write: "20s" }, limits: { minRate } },
  );
  // Only what is asked for is read: a Wire would read all that there is.
  using client = await Deno.connect({ port: gateway.port, hostname: "127.0.0.1" });
  await client.write(new TextEncoder().encode(get(`/${body}`)));
  const piece = new Uint8Array(MIB / 2);
  for (let second = 0; second < 40 && gateway.completed.length === 0; second++) {
    for (let read = 0; read < piece.length;) read += await client.read(piece.subarray(read)) ?? piece.length;
    await arrive();
    clock.advance(1_000);
  }
  return gateway.completed[0]?.error ?? null;
}

for (const body of ["streamed", "whole"] as const) {
  Deno.test(`a client that sips at an answer (${body}) is cut when it is below the least rate`, async () => {
    assert.equal(await sip(MIB, body), "client_write_timeout");
  });

  Deno.test(`a client that sips at an answer (${body}) above the least rate is not`, async () => {
    assert.equal(await sip(MIB / 4, body), null);
  });
}

Deno.test("a small answer that nobody reads does not hold the connection's time-outs up", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start([answer(200, "small")]);
  await using gateway = gatewayTo(origin, { clock, listen: { timeouts: { idle: "3s" } } });
  await using client = await gateway.connect();
  client.pause();
  await client.send(get());
  await gateway.event();
  clock.advance(3_400);
  client.resume();
  assert.equal((await client.response()).text, "small");
  assert.equal(await client.ended(), "fin");
});
