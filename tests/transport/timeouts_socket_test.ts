import { strict as assert } from "node:assert";
import { BodyError, isBodySource } from "../../src/core/body.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil, until } from "../support/until.ts";
import { bodyText, GivenBody, TransportHarness } from "./harness.ts";

Deno.test("no head in time: the connection is closed and the failure says timeout", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
  await using client = new TransportHarness(origin.port);
  const outcome = client.failure();
  const request = await origin.request();
  await passUntil(client.clock, outcome, 50);
  assert.equal((await outcome).code, "upstream_timeout");
  assert.ok(["fin", "reset"].includes(await request.connection.ended()));
});

Deno.test("the time to the head counts from the request's last byte", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "done")]);
  await using client = new TransportHarness(origin.port);
  const body = new GivenBody(4), reply = client.reply("PUT", body);
  for (const piece of ["a", "b", "c"]) {
    body.give(piece);
    await client.clock.pass(2_500);
  }
  await origin.request();
  body.give("d");
  body.give(null);
  assert.equal(await bodyText(await reply), "done");
});

Deno.test("a request body that stands still is given up: nobody may hold a connection by waiting", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
  await using client = new TransportHarness(origin.port);
  const body = new GivenBody(10), outcome = client.failure("POST", body);
  body.give("abc");
  const request = await origin.request();
  await passUntil(client.clock, outcome, 50);
  assert.deepEqual([(await outcome).code, (await outcome).fault], ["request_body_timeout", "client"]);
  assert.ok(body.cancelled);
  await request.connection.gone();
  assert.equal(client.pool.size, 0);
});

Deno.test("a large body that stands still breaks; one that moves does not", async () => {
  const go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 50000\r\n\r\nab");
    await go.promise;
    await request.send("c");
    await request.connection.gone();
  });
  await using client = new TransportHarness(origin.port);
  const { body } = await client.reply();
  assert.ok(body !== null && "read" in body);
  const buffer = new Uint8Array(10);
  assert.equal(await body.read(buffer), 2);
  const next = Promise.resolve(body.read(buffer));
  await client.clock.pass(2_900);
  go.resolve();
  assert.equal(await next, 1);
  const last = Promise.resolve(body.read(buffer));
  const broken = assert.rejects(last, (error) => error instanceof BodyError && error.fault === "endpoint-timeout");
  await passUntil(client.clock, broken, 50);
  await broken;
  assert.equal(client.pool.size, 0);
});

Deno.test("a small body that stands still does not hold its head back, and is a timeout", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab");
    await request.connection.gone();
  });
  await using client = new TransportHarness(origin.port);
  const { status, body } = await client.reply();
  assert.equal(status, 200);
  assert.ok(isBodySource(body));
  const buffer = new Uint8Array(10);
  assert.equal(await body.read(buffer), 2);
  const rest = Promise.resolve(body.read(buffer));
  await passUntil(client.clock, rest, 1_000);
  await assert.rejects(rest, (error: BodyError) => error.fault === "endpoint-timeout");
});

for (
  const [title, sends, read, kept] of [
    ["comes", ["hello"], "hello", true],
    ["comes in pieces", ["he", "llo"], "hello", true],
    ["comes with more behind it", ["hellomore"], "hello", false],
    ["comes in part, and the endpoint closes", ["he"], null, false],
    ["never comes, and the endpoint closes", [], null, false],
  ] as const
) {
  Deno.test(`a small body that is late goes on behind its head: it ${title}`, async () => {
    const go = Promise.withResolvers<void>();
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
      await go.promise;
      for (const piece of sends) await request.send(piece);
      if (read === null) await request.connection.close();
    });
    await using client = new TransportHarness(origin.port);
    const reply = client.reply();
    await passUntil(client.clock, reply, 50);
    const got = await reply, reading = bodyText(got);
    assert.ok(isBodySource(got.body));
    go.resolve();
    if (read === null) await assert.rejects(reading, (error: BodyError) => error.fault === "endpoint");
    else assert.equal(await reading, read);
    await until(() => (client.pool.idle === 1) === kept);
  });
}

Deno.test("a reader that takes its time does not count against the endpoint", async () => {
  await using origin = await ScriptedOrigin.start(async (request) =>
    await request.send(answer(200, "x".repeat(100_000)))
  );
  await using client = new TransportHarness(origin.port);
  const { body } = await client.reply();
  assert.ok(body !== null && "read" in body);
  const buffer = new Uint8Array(60_000);
  let total = await body.read(buffer);
  for (let count = total; count > 0; total += count) {
    client.clock.advance(60_000);
    count = await body.read(buffer);
  }
  assert.equal(total, 100_000);
});

Deno.test("an endpoint that takes no bytes for the idle time is given up", async () => {
  await using origin = await ScriptedOrigin.start({
    connection: async (connection) => {
      connection.pause();
      await connection.gone();
    },
  });
  await using client = new TransportHarness(origin.port);
  const body = { length: undefined, read: (into: Uint8Array) => into.length, cancel() {} };
  const outcome = client.failure("POST", body);
  await passUntil(client.clock, outcome, 100);
  assert.deepEqual([(await outcome).code, (await outcome).stage], ["upstream_timeout", "send"]);
});

Deno.test("idle connections are closed after their time", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using client = new TransportHarness(origin.port, { limits: { idle: 10_000 } });
  await client.reply();
  await client.clock.pass(4_900);
  assert.equal(client.pool.idle, 1);
  await client.clock.pass(5_300);
  assert.equal(client.pool.idle, 0);
});
