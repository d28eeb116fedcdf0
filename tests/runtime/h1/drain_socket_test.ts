import { strict as assert } from "node:assert";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { passUntil } from "../../support/until.ts";
import { arrive, chunk, gatewayTo, get, post } from "./setup.ts";

/** Turns the clock until the engine drains: no request has come for two looks. */
async function untilDrain(clock: FakeClock): Promise<void> {
  await clock.pass(100);
  await arrive();
}

Deno.test("stop(): an idle connection ends at once, a busy one with its answer, half a head with the answer to it", async () => {
  const clock = new FakeClock(), go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.target === "/busy") await go.promise;
    await request.send(answer(200, request.target));
  });
  await using gateway = gatewayTo(origin, { clock });
  await using idle = await gateway.connect();
  await using silent = await gateway.connect();
  await using half = await gateway.connect();
  await using busy = await gateway.connect();
  await idle.exchange(get("/idle"));
  await half.send(get("/half").slice(0, -2));
  await busy.send(get("/busy"));
  await origin.request(1);
  const stopped = gateway.gateway.stop();
  await untilDrain(clock);
  assert.deepEqual([await idle.ended(), await silent.ended()], ["fin", "fin"]);
  assert.deepEqual([busy.ending, half.ending], [null, null]);
  await half.send("\r\n");
  const answered = await half.response();
  assert.deepEqual([answered.status, answered.text, answered.header("connection")], [200, "/half", "close"]);
  go.resolve();
  const response = await busy.response();
  assert.deepEqual([response.text, response.header("connection")], ["/busy", "close"]);
  assert.deepEqual([await busy.ended(), await half.ended()], ["fin", "fin"]);
  assert.deepEqual(await stopped, { drained: true });
});

Deno.test("stop(): requests that stand behind one that is answered with `connection: close` are not answered", async () => {
  const clock = new FakeClock(), go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await go.promise;
    await request.send(answer(200, request.target));
  });
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send(get("/1") + get("/2"));
  await origin.request();
  const stopped = gateway.gateway.stop();
  await untilDrain(clock);
  go.resolve();
  const response = await client.response();
  assert.deepEqual([response.text, response.header("connection")], ["/1", "close"]);
  assert.equal(await client.ended(), "fin");
  assert.equal(client.takeNow().length, 0);
  assert.deepEqual(await stopped, { drained: true });
  assert.equal(origin.requests.length, 1);
});

Deno.test("stop(): a request that stands behind a stream whose head is out is answered, and waited for", async () => {
  const clock = new FakeClock(), first = Promise.withResolvers<void>(), second = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.target === "/2") {
      await second.promise;
      return await request.send(answer(200, "two"));
    }
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunk("first"));
    await first.promise;
    await request.send("0\r\n\r\n");
  });
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send(get("/1") + post([], "", "/2"));
  await client.takeUntil("first");
  let over = false;
  const stopped = gateway.gateway.stop().finally(() => over = true);
  await untilDrain(clock);
  first.resolve();
  await client.takeUntil("0\r\n\r\n");
  await origin.request(1);
  await arrive();
  assert.equal(over, false);
  second.resolve();
  const response = await client.response("POST");
  assert.deepEqual([response.text, response.header("connection")], ["two", "close"]);
  assert.deepEqual(await stopped, { drained: true });
  assert.deepEqual(gateway.completed.map(({ path, status, error }) => [path, status, error]), [
    ["/1", 200, ""],
    ["/2", 200, ""],
  ]);
});

Deno.test("stop(): a download and an upload that are under way come to their ends", async () => {
  const clock = new FakeClock(), go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.method === "POST") return await request.send(answer(200, await request.text()));
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunk("first"));
    await go.promise;
    await request.send(chunk("last"), "0\r\n\r\n");
  });
  await using gateway = gatewayTo(origin, { clock });
  await using down = await gateway.connect();
  await using up = await gateway.connect();
  await down.send(get());
  await down.takeUntil("first");
  await up.send(post(["content-length: 10"], "first"));
  await origin.request(1);
  const stopped = gateway.gateway.stop();
  await untilDrain(clock);
  go.resolve();
  await down.takeUntil("0\r\n\r\n");
  await up.send(" last");
  const response = await up.response("POST");
  assert.deepEqual([response.text, response.header("connection")], ["first last", "close"]);
  assert.deepEqual([await down.ended(), await up.ended()], ["fin", "fin"]);
  assert.deepEqual(await stopped, { drained: true });
});

Deno.test("stop(): what is not over after the grace time is cut: 503 before an answer, no clean end within one", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.target === "/stream") {
      await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunk("first"));
    }
    await request.hang();
  });
  await using gateway = gatewayTo(origin, { clock, grace: "2s", timeouts: { head: "1h", idle: "1h" } });
  await using mute = await gateway.connect();
  await using stream = await gateway.connect();
  await using half = await gateway.connect();
  await mute.send(get("/mute"));
  await stream.send(get("/stream"));
  await stream.takeUntil("first");
  await half.send("GET / HT");
  await origin.request(1);
  const stopped = gateway.gateway.stop();
  await passUntil(clock, stopped, 100);
  assert.deepEqual(await stopped, { drained: false });
  const response = await mute.response();
  assert.deepEqual([response.status, JSON.parse(response.text).code], [503, "shutting_down"]);
  await Promise.all([mute.ended(), stream.ended(), half.ended()]);
  assert.equal(stream.receivedText.endsWith("0\r\n\r\n"), false);
  for (const connection of origin.connections) await connection.ended();
  assert.deepEqual(gateway.completed.map(({ error }) => error), ["shutting_down", "shutting_down"]);
});

Deno.test("stop(): half a head alone does not hold it up, and its connection ends with the others", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send("GET / HT");
  await arrive();
  const stopped = gateway.gateway.stop();
  await clock.pass(100);
  assert.deepEqual(await stopped, { drained: true });
  assert.equal(await client.ended(), "fin");
  assert.deepEqual([client.received.length, gateway.completed.length], [0, 0]);
});

Deno.test("stop(): a client that is being heard out does not hold it up", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send("nonsense\r\n\r\n" + "more");
  assert.equal((await client.response()).status, 400);
  const stopped = gateway.gateway.stop();
  await clock.pass(100);
  assert.deepEqual(await stopped, { drained: true });
});

Deno.test("a client that still sends behind its last answer gets a FIN and no reset, and is closed five seconds later", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start([answer(200, "last")]);
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send(get("/", "connection: close") + "more");
  assert.equal((await client.response()).text, "last");
  assert.equal(await client.ended(), "fin");
  for (let i = 0; i < 4; i++) {
    await client.send("and more");
    await arrive();
    clock.advance(1_000);
  }
  assert.equal(client.ending, "fin");
  clock.advance(1_300);
  await arrive();
  await client.send("too late").catch(() => {});
  await arrive();
  await client.send("too late").catch(() => {});
  await arrive();
  assert.equal(client.ending, "reset");
  assert.equal(gateway.completed.length, 1);
});
