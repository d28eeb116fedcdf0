import { strict as assert } from "node:assert";
import { defineGateway, definePolicy } from "gatewright";
import { FakeClock } from "../../support/fake_clock.ts";
import type { RawClient } from "../../support/raw_client.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { passUntil, until } from "../../support/until.ts";
import { arrive, chunk, gatewayTo, get, post, whenStill } from "./setup.ts";

const HANG = (request: OriginRequest) => request.hang();
const EVENTS = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

/** How a client goes away, and the time after which it counts as gone. */
const WAYS: readonly [way: string, leave: (client: RawClient) => Promise<void>, within: number][] = [
  ["resets", (client) => client.reset(), 0],
  ["closes", (client) => client.close(), 800],
];

/** What is under way when it goes. */
const PENDING: readonly [what: string, request: string][] = [
  ["a GET", get()],
  ["a POST whose body came with its head", post(["content-length: 5"], "hello")],
  ["a POST whose chunks came with its head", post(["transfer-encoding: chunked"], chunk("hello") + "0\r\n\r\n")],
  ["a GET with the next one behind it", get("/1") + get("/2")],
  ["a GET with the start of another behind it", get("/1") + "GET /2 HT"],
];

for (const [way, leave, within] of WAYS) {
  for (const [what, request] of PENDING) {
    Deno.test(`a client ${way} while ${what} waits for the upstream: the call upstream ends, 499`, async () => {
      const clock = new FakeClock();
      await using origin = await ScriptedOrigin.start(HANG);
      await using gateway = gatewayTo(origin, { clock });
      await using client = await gateway.connect();
      await client.send(request);
      const { connection } = await origin.request();
      await leave(client);
      // Its FIN must be here before the clock is turned.
      await arrive();
      clock.advance(within);
      await connection.ended();
      const { status, error } = await gateway.event();
      assert.deepEqual([status, error], [499, "client_closed_request"]);
    });
  }
}

Deno.test("a client that leaves behind its second request: the second's call upstream ends as well", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.target === "/1") return await request.send(answer(200, "one"));
    await request.hang();
  });
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send(get("/1") + get("/2"));
  assert.equal((await client.response()).text, "one");
  const { connection } = await origin.request(1);
  await client.close();
  await arrive();
  clock.advance(800);
  await connection.ended();
  assert.equal((await gateway.event(1)).status, 499);
});

for (
  const [what, first] of [["a GET", get("/1")], ["a POST with a body", post(["content-length: 5"], "hello", "/1")]]
) {
  Deno.test(`a FIN that came behind ${what} and a second request counts for the second as well`, async () => {
    const clock = new FakeClock(), go = Promise.withResolvers<void>();
    await using origin = await ScriptedOrigin.start(async (request) => {
      if (request.target === "/2") return await request.hang();
      await go.promise;
      await request.send(answer(200, "one"));
    });
    await using gateway = gatewayTo(origin, { clock });
    await using client = await gateway.connect();
    await client.send(first + get("/2"));
    await origin.request();
    await client.halfClose();
    await arrive();
    go.resolve();
    const { connection } = await origin.request(1);
    clock.advance(800);
    await connection.ended();
    assert.equal((await gateway.event(1)).status, 499);
  });
}

Deno.test("a FIN is no goodbye yet: an answer within half a second comes, a later one does not", async () => {
  const clock = new FakeClock(), go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.target === "/slow") return await request.hang();
    await go.promise;
    await request.send(answer(200, "there"));
  });
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send(get("/fast"));
  await origin.request();
  await client.halfClose();
  await arrive();
  clock.advance(400);
  go.resolve();
  assert.equal((await client.response()).text, "there");
  assert.equal(await client.ended(), "fin");
  await using other = await gateway.connect();
  await other.send(get("/slow"));
  const { connection } = await origin.request(1);
  await other.halfClose();
  await arrive();
  clock.advance(800);
  await connection.ended();
  assert.equal((await gateway.event(1)).status, 499);
});

Deno.test("a client that has sent its last byte and reads on gets a stream as long as it lasts", async () => {
  const clock = new FakeClock(), pieces = Array.from({ length: 8 }, () => Promise.withResolvers<void>());
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send(EVENTS);
    for (const piece of pieces) {
      await piece.promise;
      await request.send(chunk("tick"));
    }
    await request.send("0\r\n\r\n");
  });
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send(get());
  await client.takeUntil("\r\n\r\n");
  await client.halfClose();
  for (const piece of pieces) {
    clock.advance(300);
    await arrive();
    piece.resolve();
    await client.takeUntil(chunk("tick"));
  }
  await client.takeUntil("0\r\n\r\n");
  assert.equal((await gateway.event()).status, 200);
});

for (const [way, leave, within] of WAYS) {
  Deno.test(`a client ${way} while its stream is quiet: the origin is told`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send(EVENTS, chunk("first"));
      await request.hang();
    });
    await using gateway = gatewayTo(origin, { clock });
    await using client = await gateway.connect();
    await client.send(get());
    await client.takeUntil("first");
    await leave(client);
    await arrive();
    clock.advance(within);
    await origin.connections[0].ended();
    assert.equal((await gateway.event()).status, 499);
  });
}

Deno.test("a client that leaves in the middle of a download: the origin's answer is given up", async () => {
  await using origin = await ScriptedOrigin.start({
    async connection(connection) {
      await connection.nextRequest();
      await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n");
      const piece = new Uint8Array(1 << 16);
      while (connection.ending === null) await connection.send(piece).catch(() => {});
    },
  });
  await using gateway = gatewayTo(origin);
  await using client = await gateway.connect();
  await client.send(get());
  await client.take(1 << 20);
  await client.reset();
  await until(() => origin.connections[0].ending !== null);
  const { status, error, bytesOut } = await gateway.event();
  assert.deepEqual([status, error], [499, "client_closed_request"]);
  assert.ok(bytesOut >= 1 << 20 && bytesOut < 1_000_000_000, `${bytesOut} bytes`);
});

Deno.test("a client that resets in the middle of its upload: the origin has no whole request, 499", async () => {
  await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
  await using gateway = gatewayTo(origin);
  await using client = await gateway.connect();
  await client.send(post(["content-length: 100000"], "start"));
  const connection = await origin.connection();
  await connection.takeUntil("start");
  await client.reset();
  await connection.ended();
  assert.equal(connection.takeNow().length, 0);
  const { status, bytesIn } = await gateway.event();
  assert.deepEqual([status, bytesIn], [499, 5]);
});

// The runtime tells of a reset only to whoever reads, and nothing is read that nobody takes.
Deno.test("a client that leaves while its upload is held back is noticed at the upstream's idle time-out", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start({
    async connection(connection) {
      await connection.takeUntil("\r\n\r\n");
      connection.pause();
      await connection.gone();
    },
  });
  await using gateway = gatewayTo(origin, { clock, timeouts: { idle: "10s" }, listen: { timeouts: { body: "1h" } } });
  await using client = await gateway.connect();
  await client.send(post(["content-length: 100000000"]));
  await origin.connection();
  let sent = 0;
  const upload = (async () => {
    for (; sent < 48; sent++) await client.send(new Uint8Array(1 << 20));
  })().catch(() => {});
  await until(() => sent > 0);
  assert.ok(await whenStill(() => sent) < 48, "held back");
  await client.reset();
  await upload;
  clock.advance(9_000);
  await passUntil(clock, gateway.event(), 100);
  const { status, error } = await gateway.event();
  assert.deepEqual([status, error], [499, "client_closed_request"]);
  assert.ok(clock.now() < 12_000, `after ${clock.now()} ms`);
});

/** A gateway with a policy that lets nothing pass before it is told to, and looks at no body. */
function waiting(origin: ScriptedOrigin, clock = new FakeClock()) {
  const go = Promise.withResolvers<void>(), signals: AbortSignal[] = [];
  const policy = definePolicy({
    name: "waits",
    async handle(ctx, next) {
      signals.push(ctx.signal);
      await go.promise;
      return next();
    },
  });
  const config = defineGateway({
    upstreams: { o: { endpoints: [origin.url] } },
    routes: [{ path: "/*", upstream: "o", policies: [policy] }],
  });
  return { gateway: TestGateway.start(config, { clock }, { engine: "h1" }), signals, pass: () => go.resolve() };
}

const ECHO = async (request: OriginRequest) => await request.send(answer(200, await request.text()));

/** Uploads of which a part is here, in two packets. */
const PARTS: readonly [what: string, pieces: readonly [string, string]][] = [
  ["a body of known length", [post(["content-length: 100"]), "start"]],
  ["a body of known length whose start came with its head", [post(["content-length: 100"], "st"), "art"]],
  ["a body in chunks", [post(["transfer-encoding: chunked"], chunk("st")), "3\r\nar"]],
];

for (const [way, leave] of WAYS) {
  for (const [what, pieces] of PARTS.slice(0, way === "closes" ? 2 : 3)) {
    Deno.test(`a client ${way} behind a part of ${what} that nobody reads yet is noticed at once: 499, and nothing goes upstream`, async () => {
      await using origin = await ScriptedOrigin.start(ECHO);
      const { gateway, signals, pass } = waiting(origin);
      await using _gateway = gateway;
      await using client = await gateway.connect();
      await client.sendPieces(pieces);
      await until(() => signals.length > 0);
      await arrive();
      await leave(client);
      await until(() => signals[0].aborted);
      pass();
      const { status, error } = await gateway.event();
      assert.deepEqual([status, error], [499, "client_closed_request"]);
      await arrive();
      assert.equal(origin.connections.length, 0);
    });
  }
}

const WHOLE: readonly [what: string, pieces: readonly string[]][] = [
  ["of known length", [post(["content-length: 5"]), "hello"]],
  ["of known length, with its head", [post(["content-length: 5"], "hello")]],
  ["in chunks", [post(["transfer-encoding: chunked"]), chunk("hel"), chunk("lo") + "0\r\n\r\n"]],
  ["in chunks, its start with its head", [
    post(["transfer-encoding: chunked"], chunk("hel")),
    chunk("lo") + "0\r\n\r\n",
  ]],
  ["in chunks, with its head", [post(["transfer-encoding: chunked"], chunk("hello") + "0\r\n\r\n")]],
  ["in chunks with trailers, with its head", [
    post(["transfer-encoding: chunked"], chunk("hello") + "0\r\nx-sum: 1\r\n\r\n"),
  ]],
];

for (const [what, pieces] of WHOLE) {
  Deno.test(`a half-closed client whose body ${what} is here, and read by nobody yet, gets its answer`, async () => {
    await using origin = await ScriptedOrigin.start(ECHO);
    const { gateway, signals, pass } = waiting(origin);
    await using _gateway = gateway;
    await using client = await gateway.connect();
    await client.sendPieces(pieces);
    await until(() => signals.length > 0);
    await client.halfClose();
    await arrive();
    pass();
    assert.equal((await client.response("POST")).text, "hello");
    assert.deepEqual([(await gateway.event()).status, signals[0].aborted], [200, false]);
  });
}

Deno.test("a FIN behind a part of a body in chunks is found out by reading: 499, and the origin has no whole request", async () => {
  await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
  const { gateway, signals, pass } = waiting(origin);
  await using _gateway = gateway;
  await using client = await gateway.connect();
  await client.sendPieces([post(["transfer-encoding: chunked"]), chunk("start")]);
  await until(() => signals.length > 0);
  await arrive();
  await client.halfClose();
  await arrive();
  assert.equal(signals[0].aborted, false, "it may be whole");
  pass();
  const { status, error } = await gateway.event();
  assert.deepEqual([status, error, signals[0].aborted], [499, "client_closed_request", true]);
  await until(() => origin.connections.every(({ ending }) => ending !== null));
  for (const { receivedText } of origin.connections) assert.doesNotMatch(receivedText, /\r\n0\r\n\r\n$/);
});

Deno.test("a FIN behind a part of a body in chunks that nobody reads counts when half a second has passed: 499", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(ECHO);
  const { gateway, signals, pass } = waiting(origin, clock);
  await using _gateway = gateway;
  await using client = await gateway.connect();
  await client.sendPieces([post(["transfer-encoding: chunked"]), chunk("start")]);
  await until(() => signals.length > 0);
  await arrive();
  await client.halfClose();
  await arrive();
  clock.advance(800);
  assert.equal(signals[0].aborted, true);
  pass();
  assert.equal((await gateway.event()).status, 499);
  await arrive();
  assert.equal(origin.connections.length, 0);
});
