import { strict as assert } from "node:assert";
import { acceptKey, newWebSocketKey } from "../../src/http/websocket/accept_key.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import { answering, ENGINES, gatewayTo, get, HoldingOrigin, Pending, REFUSING, settle } from "./traffic_bed.ts";

/** A WebSocket's handshake: the one switch that both engines carry. */
const HANDSHAKE = get(
  "connection: upgrade",
  "upgrade: websocket",
  "sec-websocket-version: 13",
  `sec-websocket-key: ${newWebSocketKey()}`,
);

function switching(request: OriginRequest): string {
  const accept = acceptKey(request.header("sec-websocket-key") ?? "");
  return "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n" +
    `sec-websocket-accept: ${accept}\r\n\r\n`;
}

/** An unmasked text frame. */
const HELLO = "\x81\x05hello";

const switcher = () =>
  ScriptedOrigin.start(async (request: OriginRequest) => {
    if (request.header("upgrade") === null) return await request.send(answer(200, "plain"));
    await request.send(switching(request), HELLO);
    await request.hang();
  });

const BAD: readonly [what: string, start: () => Promise<ScriptedOrigin>][] = [
  ["answers 503", () => answering(503)],
  ["resets", () => ScriptedOrigin.start(async ({ connection }: OriginRequest) => await connection.reset())],
  [
    "switches to what nobody asked for",
    () => ScriptedOrigin.start("HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n"),
  ],
];

for (const engine of ENGINES) {
  for (const [what, start] of BAD) {
    Deno.test(`${engine}: a handshake goes to another endpoint when the first ${what}`, async () => {
      await using bad = await start();
      await using good = await switcher();
      await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), { listen: { engine } });
      await using client = await gateway.connect();
      await client.send(HANDSHAKE);
      assert.equal((await client.responseHead()).status, 101);
      await client.takeUntil("hello");
      await client.close();
      assert.equal((await gateway.event()).attempts, 2);
      assert.deepEqual([bad.requests.length, good.requests.length], [1, 1]);
    });
  }

  Deno.test(`${engine}: a handshake goes to another endpoint when the first refuses connections`, async () => {
    await using good = await switcher();
    await using gateway = gatewayTo([REFUSING, good.url], new FakeClock(), { listen: { engine } });
    await using client = await gateway.connect();
    await client.send(HANDSHAKE);
    assert.equal((await client.responseHead()).status, 101);
    await client.takeUntil("hello");
  });

  Deno.test(`${engine}: a refusal of the handshake passes when there is no try left`, async () => {
    await using bad = await answering(403, "no");
    await using gateway = gatewayTo([bad.url], new FakeClock(), { listen: { engine } });
    await using client = await gateway.connect();
    await client.send(HANDSHAKE);
    const response = await client.response();
    assert.deepEqual([response.status, response.text], [403, "no"]);
  });

  Deno.test(`${engine}: an open WebSocket holds its place until it is closed`, async () => {
    const clock = new FakeClock();
    await using origin = await switcher();
    await using gateway = gatewayTo([origin.url], clock, {
      settings: { maxInFlight: { total: 1, perEndpoint: 1 } },
      listen: { engine },
    });
    for (let i = 0; i < 2; i++) {
      await using client = await gateway.connect();
      await client.send(HANDSHAKE);
      assert.equal((await client.responseHead()).status, 101);
      await client.takeUntil("hello");
      await using next = await Pending.send(gateway, get());
      await settle();
      assert.equal(next.status, null);
      await client.reset();
      assert.equal((await next.response).text, "plain");
    }
    assert.equal(clock.now(), 0);
  });

  Deno.test(`${engine}: an open WebSocket counts for its endpoint when least-requests picks`, async () => {
    await using a = await switcher();
    await using b = await switcher();
    await using gateway = gatewayTo([a.url, b.url], new FakeClock(), {
      settings: { balance: "least-requests" },
      listen: { engine },
    });
    await using client = await gateway.connect();
    await client.send(HANDSHAKE);
    await client.takeUntil("hello");
    const [busy, free] = a.requests.length === 1 ? [a, b] : [b, a];
    for (let i = 0; i < 4; i++) {
      await using pending = await Pending.send(gateway, get());
      await pending.response;
    }
    assert.deepEqual([busy.requests.length, free.requests.length], [1, 4]);
  });
}

Deno.test("a handshake is not hedged, and its tunnel outlives timeouts.attempt", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, {
    settings: { hedge: { after: "100ms" }, timeouts: { attempt: "5s" } },
  });
  await using client = await gateway.connect();
  await client.send(HANDSHAKE);
  await until(() => a.count === 1);
  clock.advance(1_000);
  await settle();
  assert.equal(b.count, 0);
  await a.release(0, switching(a.held[0].request) + HELLO);
  assert.equal((await client.responseHead()).status, 101);
  await client.takeUntil("hello");
  clock.advance(10_000);
  await settle();
  assert.equal(client.ending, null);
});

Deno.test("an endpoint whose breaker is half-open takes a WebSocket as its trial, and is closed by its end", async () => {
  const clock = new FakeClock();
  let well = false;
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    if (!well) return await request.send(answer(500));
    await request.send(switching(request), HELLO);
    await request.hang();
  });
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { circuitBreaker: { failureThreshold: 1, openFor: "10s", jitter: 0 } },
  });
  const states: string[] = [];
  gateway.gateway.events.on("breaker.changed", ({ to }) => states.push(to));
  await using failed = await Pending.send(gateway, get());
  await failed.response;
  clock.advance(10_050);
  well = true;
  await using client = await gateway.connect();
  await client.send(HANDSHAKE);
  await client.takeUntil("hello");
  await client.close();
  await until(() => states.at(-1) === "closed");
  assert.deepEqual(states, ["open", "half-open", "closed"]);
});

Deno.test("timeouts.total has no say in a connection that switched protocols", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\nhello");
    await request.connection.takeUntil("go on");
    await request.send("still here");
  });
  await using gateway = gatewayTo([origin.url], clock, { settings: { timeouts: { total: "2s" } } });
  await using client = await gateway.connect();
  await client.send(get("connection: upgrade", "upgrade: echo"));
  await client.takeUntil("hello");
  clock.advance(2_100);
  await client.send("go on");
  await client.takeUntil("still here");
});
