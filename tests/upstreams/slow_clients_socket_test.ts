import { strict as assert } from "node:assert";
import type { UpstreamConfig } from "../../src/config/types/upstream.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import { chunk, chunkedHead, ENGINES, gatewayTo, get, settle } from "./traffic_bed.ts";

/** Nothing moves any more: every buffer on the way is full. */
async function standsStill(look: () => number): Promise<void> {
  for (let still = 0, before = look(); still < 8; before = look()) {
    await settle();
    still = look() === before ? still + 1 : 0;
  }
}

/** Everything that speaks against an endpoint opens its breaker. */
function touchy(timeouts: UpstreamConfig["timeouts"]): Partial<UpstreamConfig> {
  return { timeouts, circuitBreaker: { failureThreshold: 1 }, outliers: { consecutiveGatewayErrors: 1 } };
}

const LIMITS: readonly [what: string, timeouts: UpstreamConfig["timeouts"]][] = [
  ["timeouts.attempt", { attempt: "2s" }],
  ["timeouts.total", { total: "2s" }],
];

for (const [what, timeouts] of LIMITS) {
  Deno.test(`an upload that its client sends too slowly for ${what} does not speak against the endpoint`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
    await using gateway = gatewayTo([origin.url], clock, { settings: touchy(timeouts) });
    const opened: unknown[] = [];
    gateway.gateway.events.on("breaker.changed", (event) => opened.push(event));
    await using client = await gateway.connect();
    await client.send(chunkedHead("POST") + chunk("hello"));
    await until(() => origin.connections[0]?.receivedText.includes("hello"));
    clock.advance(2_100);
    assert.ok((await client.response("POST")).status >= 400);
    assert.deepEqual(opened, []);
  });
}

Deno.test("an answer that its client reads too slowly for timeouts.total does not speak against the endpoint", async () => {
  const clock = new FakeClock(), piece = new Uint8Array(1 << 16);
  let left = 20_000;
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send(`HTTP/1.1 200 OK\r\ncontent-length: ${left * piece.length}\r\n\r\n`);
    for (; left > 0; left--) await request.send(piece);
  }, { guardMs: 60_000 });
  await using gateway = gatewayTo([origin.url], clock, { settings: touchy({ total: "3s" }) });
  const opened: unknown[] = [];
  gateway.gateway.events.on("breaker.changed", (event) => opened.push(event));
  await using client = await gateway.connect();
  await client.send(get());
  await client.responseHead();
  client.pause();
  await standsStill(() => left);
  clock.advance(3_100);
  client.resume();
  await until(() => gateway.completed.length === 1);
  assert.deepEqual(opened, []);
});

const PIECE = "x".repeat(1 << 16), PIECES = 20_000, LENGTH = PIECE.length * PIECES;

const FRAMINGS: readonly [what: string, head: string, piece: string, end: string][] = [
  ["with a length", `content-length: ${LENGTH}`, PIECE, ""],
  ["in chunks", "transfer-encoding: chunked", `10000\r\n${PIECE}\r\n`, "0\r\n\r\n"],
];

for (const engine of ENGINES) {
  // The framing is the listener's doing, and chunks are where a cut could look like an end.
  for (const [what, head, piece, end] of engine === "h1" ? FRAMINGS : FRAMINGS.slice(1)) {
    Deno.test(`${engine}: total passes while the client does not read: a body ${what} breaks off`, async () => {
      const clock = new FakeClock();
      let sent = 0;
      await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
        await request.send(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`);
        for (; sent < PIECES; sent++) await request.send(piece);
        await request.send(end);
      }, { guardMs: 60_000 });
      await using gateway = gatewayTo([origin.url], clock, {
        settings: { timeouts: { total: "3s" } },
        listen: { engine },
      });
      await using client = await gateway.connect();
      await client.send(get());
      const answer = await client.responseHead();
      assert.equal(answer.status, 200);
      client.pause();
      await standsStill(() => sent);
      clock.advance(4_000);
      await until(() => origin.connections[0].ending !== null);
      client.resume();
      await client.ended();
      const rest = client.takeNow().length;
      assert.ok(rest < LENGTH, `${rest} of ${LENGTH} bytes`);
      assert.ok(!client.receivedText.endsWith("\r\n0\r\n\r\n"), "no end of the body");
      assert.equal((await gateway.event()).error, "upstream_body_timeout");
    });
  }
}
