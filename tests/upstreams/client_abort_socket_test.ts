import { turn } from "../support/turn.ts";
import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { FakeClock } from "../support/fake_clock.ts";
import type { RawClient } from "../support/raw_client.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { passUntil, until } from "../support/until.ts";
import { H2Origin } from "../transport/fetch_origin.ts";

type Engine = "h1" | "serve";
const ENGINES: readonly Engine[] = ["h1", "serve"];

/** A gateway with a route of each kind to one origin. */
function gatewayTo(url: string, clock: FakeClock, engine: Engine, protocol: "h1" | "h2" = "h1"): TestGateway {
  const config = defineGateway({
    shutdown: { grace: "1s" },
    upstreams: { o: { endpoints: [url as "http://x"], protocol, timeouts: { head: "10s", idle: "10s" } } },
    routes: [
      { path: "/finish/*", upstream: "o", onClientAbort: "finish" },
      { path: "/cancel/*", upstream: "o", onClientAbort: "cancel" },
      { path: "/usual/*", upstream: "o" },
    ],
  });
  return TestGateway.start(config, { clock }, { engine });
}

function get(target: string): string {
  return `GET ${target} HTTP/1.1\r\nhost: a.example\r\n\r\n`;
}

function post(target: string, body: string, length = body.length): string {
  return `POST ${target} HTTP/1.1\r\nhost: a.example\r\ncontent-length: ${length}\r\n\r\n${body}`;
}

/** The client goes away and the gateway has seen it, as far as it looks. */
async function leave(client: RawClient, clock: FakeClock): Promise<void> {
  await client.reset();
  for (let i = 0; i < 10; i++) await clock.pass(100);
}

const PENDING: readonly [what: string, request: (path: string) => string][] = [
  ["a GET", (path) => get(path)],
  ["a POST that was received whole", (path) => post(path, "hello")],
];

for (const engine of ENGINES) {
  for (const [what, request] of PENDING) {
    Deno.test(`${engine}: ${what} is finished for a client that left, its answer dropped, 499`, async () => {
      const clock = new FakeClock(), go = Promise.withResolvers<void>();
      await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
        await request.body();
        await go.promise;
        await request.send(answer(200, "done"));
      });
      await using gateway = gatewayTo(origin.url, clock, engine);
      await using client = await gateway.connect();
      await client.send(request("/finish/"));
      const { connection } = await origin.request();
      await leave(client, clock);
      assert.equal(connection.ending, null);
      go.resolve();
      assert.equal((await gateway.event()).status, 499);
      assert.equal(connection.ending, null);
      // Its connection serves the next.
      assert.equal(await (await fetch(`${gateway.url}/usual/`)).text(), "done");
      assert.equal(origin.connections.length, 1);
    });

    for (const route of ["cancel", "usual"]) {
      Deno.test(`${engine}: ${what} is given up for a client that left a route that is "${route}"`, async () => {
        const clock = new FakeClock();
        await using origin = await ScriptedOrigin.start((request: OriginRequest) => request.hang());
        await using gateway = gatewayTo(origin.url, clock, engine);
        await using client = await gateway.connect();
        await client.send(request(`/${route}/`));
        const { connection } = await origin.request();
        await leave(client, clock);
        await connection.ended();
        assert.equal((await gateway.event()).status, 499);
      });
    }
  }

  Deno.test(`${engine}: an answer under way is read to its end for a client that left`, async () => {
    const clock = new FakeClock(), piece = new Uint8Array(1 << 16);
    let left = 200;
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send(`HTTP/1.1 200 OK\r\ncontent-length: ${left * piece.length}\r\n\r\n`);
      for (; left > 0; left--) await request.send(piece);
    });
    await using gateway = gatewayTo(origin.url, clock, engine);
    await using client = await gateway.connect();
    await client.send(get("/finish/"));
    await client.take(1 << 20);
    await client.reset();
    await until(() => left === 0, "the whole answer to be taken");
    assert.equal((await gateway.event()).status, 499);
    assert.equal(origin.connections[0].ending, null);
  });

  Deno.test(`${engine}: a stream without end is read for a while only after its client left`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      while (request.connection.ending === null) {
        await request.send("4\r\ntick\r\n");
        await turn();
      }
    });
    await using gateway = gatewayTo(origin.url, clock, engine);
    await using client = await gateway.connect();
    await client.send(get("/finish/"));
    await client.takeUntil("tick");
    await client.reset();
    await gateway.event();
    assert.equal(origin.connections[0].ending, null);
    const { connection } = origin.requests[0], before = clock.now();
    await passUntil(clock, until(() => connection.ending !== null), 100);
    assert.ok(clock.now() - before >= 9_000, `after ${clock.now() - before} ms`);
  });

  Deno.test(`${engine}: an upload that its client did not finish breaks off, route or no route`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
    await using gateway = gatewayTo(origin.url, clock, engine);
    await using client = await gateway.connect();
    await client.send(post("/finish/", "start", 100));
    const connection = await origin.connection();
    await connection.takeUntil("start");
    await client.close();
    for (let i = 0; i < 10; i++) await clock.pass(100);
    await connection.ended();
    assert.equal((await gateway.event()).status, 499);
  });

  Deno.test(`${engine}: what is finished without a client still has the upstream's time limits`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start((request: OriginRequest) => request.hang());
    await using gateway = gatewayTo(origin.url, clock, engine);
    await using client = await gateway.connect();
    await client.send(get("/finish/"));
    const { connection } = await origin.request();
    await leave(client, clock);
    assert.equal(connection.ending, null);
    await passUntil(clock, connection.ended(), 100);
    assert.equal((await gateway.event()).status, 499);
  });
}

Deno.test("a gateway that stops gives up what it would have finished", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start((request: OriginRequest) => request.hang());
  const gateway = gatewayTo(origin.url, clock, "h1");
  await using client = await gateway.connect();
  await client.send(get("/finish/"));
  const { connection } = await origin.request();
  await leave(client, clock);
  assert.equal(connection.ending, null);
  await gateway[Symbol.asyncDispose]();
  await connection.ended();
});

Deno.test("a request in HTTP/2 is finished for a client that left", async () => {
  const clock = new FakeClock();
  await using origin = await H2Origin.start(({ stream }) => {
    stream.respond({ ":status": 200 });
    stream.write("first");
  });
  await using gateway = gatewayTo(origin.url, clock, "h1", "h2");
  await using client = await gateway.connect();
  await client.send(get("/finish/"));
  await client.takeUntil("first");
  await leave(client, clock);
  const [{ stream }] = origin.requests;
  assert.equal(stream.rstCode, 0);
  stream.write("second");
  stream.end();
  assert.equal((await gateway.event()).status, 499);
  await until(() => origin.requests[0].closed);
  assert.equal(stream.rstCode, 0);
});
