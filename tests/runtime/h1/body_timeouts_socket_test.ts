import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, type OriginConnection, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { passUntil, until } from "../../support/until.ts";
import { arrive, chunk, gatewayTo, post, whenStill } from "./setup.ts";

const MIB = 1 << 20;
/** No other wait may end a test. */
const PATIENT = { head: "10h", idle: "10h" } as const;

Deno.test("a body that stands still: 408, the attempt upstream is cut, nothing passes as whole", async () => {
  for (const [head, start] of [["content-length: 100000", "start"], ["transfer-encoding: chunked", chunk("start")]]) {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
    await using gateway = gatewayTo(origin, { clock, timeouts: PATIENT, listen: { timeouts: { body: "4s" } } });
    await using client = await gateway.connect();
    await client.send(post([head], start));
    const connection = await origin.connection();
    await connection.takeUntil("start");
    await arrive();
    clock.advance(3_900);
    await arrive();
    assert.equal(gateway.completed.length, 0, "still waited for");
    const response = client.response("POST");
    await passUntil(clock, response, 100);
    assert.deepEqual([(await response).status, (await response).header("connection")], [408, "close"]);
    assert.ok(clock.now() <= 4_500, `after ${clock.now()} ms`);
    assert.equal(await client.ended(), "fin");
    await connection.ended();
    assert.doesNotMatch(connection.receivedText, /\r\n0\r\n\r\n$/);
    assert.equal((await gateway.event()).error, "request_body_timeout");
  }
});

Deno.test("a handler that reads a body which stands still: 408, as for an upstream", async () => {
  const clock = new FakeClock();
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/", handler: async (ctx) => new Response(await ctx.request.text()) }] }),
    { clock },
    { engine: "h1", timeouts: { body: "4s" } },
  );
  await using client = await gateway.connect();
  await client.send(post(["content-length: 100"], "start"));
  const response = client.response("POST");
  await passUntil(clock, response, 100);
  assert.equal((await response).status, 408);
  assert.equal((await gateway.event()).error, "request_body_timeout");
});

/** Uploads 40 MiB to an origin that stops reading behind the head. */
async function heldBack(listen: { timeouts?: { body: "4s" }; limits?: { minRate: number } }, pass: number) {
  const clock = new FakeClock(), paused = Promise.withResolvers<OriginConnection>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    request.connection.pause();
    paused.resolve(request.connection);
    await request.body();
    await request.send(answer(200, "all of it"));
  });
  await using gateway = gatewayTo(origin, { clock, timeouts: PATIENT, listen });
  await using client = await gateway.connect();
  await client.send(post([`content-length: ${40 * MIB}`]));
  // The head goes on with the first byte of a body that has a length.
  let sent = 0;
  const upload = (async () => {
    for (; sent < 40; sent++) await client.send(new Uint8Array(MIB));
  })();
  const connection = await paused.promise;
  await until(() => sent > 0);
  assert.ok(await whenStill(() => sent) < 40, "held back");
  clock.advance(pass);
  await arrive();
  connection.resume();
  await upload;
  assert.equal((await client.response("POST")).text, "all of it");
}

Deno.test("the body's time-out does not count while the gateway holds the client back", async () => {
  await heldBack({ timeouts: { body: "4s" } }, 60_000);
});

Deno.test("the least rate does not count while the gateway holds the client back", async () => {
  await heldBack({ limits: { minRate: 1_000_000 } }, 25_000);
});

/** How many of the bytes that drip the origin has. */
function data({ connections }: ScriptedOrigin): number {
  return connections.length === 0
    ? 0
    : connections[0].receivedText.replace(/^.*?\r\n\r\n/s, "").replace(/[^d]/g, "").length;
}

/** Uploads a piece each two seconds for a minute. @returns the status, or 0 when all was taken */
async function drip(size: number, framed: (piece: string) => string, head: string): Promise<number> {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
  await using gateway = gatewayTo(origin, {
    clock,
    timeouts: PATIENT,
    listen: { timeouts: { body: "4s" }, limits: { minRate: 1000 } },
  });
  await using client = await gateway.connect();
  await client.send(post([head]));
  let there = 0;
  for (let at = 0; at < 60_000 && gateway.completed.length === 0; at += 2_000) {
    there += size;
    await client.send(framed("d".repeat(size))).catch(() => {});
    await until(() => data(origin) === there || gateway.completed.length > 0);
    await arrive();
    clock.advance(2_000);
  }
  await arrive();
  return gateway.completed[0]?.status ?? 0;
}

for (
  const [framing, head, framed] of [
    ["with a length", "content-length: 10000000", (piece: string) => piece],
    ["in chunks", "transfer-encoding: chunked", chunk],
  ] as const
) {
  Deno.test(`a body ${framing} that only drips is cut although no wait is too long; one at the least rate is not`, async () => {
    assert.equal(await drip(1_900, framed, head), 408, "950 bytes a second");
    assert.equal(await drip(2_700, framed, head), 0, "1350 bytes a second");
  });
}

Deno.test("a least rate of 0 lets any drip go on", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.body();
    await request.send(answer(200));
  });
  await using gateway = gatewayTo(origin, { clock, timeouts: PATIENT, listen: { limits: { minRate: 0 } } });
  await using client = await gateway.connect();
  await client.send(post(["content-length: 5"]));
  for (let sent = 1; sent <= 5; sent++) {
    await client.send("d");
    await until(() => data(origin) === sent);
    await arrive();
    clock.advance(20_000);
  }
  assert.equal((await client.response("POST")).status, 200);
});
