import { strict as assert } from "node:assert";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil, until } from "../support/until.ts";
import { TransportHarness } from "./harness.ts";

Deno.test("a full pool makes requests wait for a connection, in order", async () => {
  const go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await go.promise;
    await request.send(answer(200, request.target));
  });
  await using client = new TransportHarness(origin.port, { limits: { max: 2 } });
  const replies = ["/1", "/2", "/3", "/4"].map((path) => client.send("GET", null, undefined, path));
  await origin.request(1);
  assert.equal(client.pool.size, 2);
  go.resolve();
  for (const reply of replies) assert.ok((await reply).ok);
  assert.deepEqual([origin.connections.length, origin.requests.map(({ target }) => target).slice(2)], [2, [
    "/3",
    "/4",
  ]]);
});

Deno.test("waiting for a connection ends with the connect timeout", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
  await using client = new TransportHarness(origin.port, { limits: { max: 1 } });
  const first = client.failure();
  await origin.request();
  const second = client.failure();
  await passUntil(client.clock, second, 50);
  const failure = await second;
  assert.deepEqual([failure.code, failure.sent, failure.fault], ["pool_exhausted", false, "gateway"]);
  await passUntil(client.clock, first, 50);
});

Deno.test("a connection that breaks makes room for one that waits", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.connection.index === 0) return await request.connection.reset();
    await request.send(answer(200, "second"));
  });
  await using client = new TransportHarness(origin.port, { limits: { max: 1 } });
  const first = client.failure("POST"), second = client.reply();
  assert.equal((await first).code, "upstream_reset");
  assert.equal((await second).status, 200);
});

Deno.test("close() closes idle connections, and busy ones when they are done", async () => {
  const go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.target === "/slow") await go.promise;
    await request.send(answer(200));
  });
  await using client = new TransportHarness(origin.port);
  const slow = client.send("GET", null, undefined, "/slow");
  await origin.request();
  await client.reply();
  client.pool.close();
  await origin.connections[1].gone();
  go.resolve();
  assert.ok((await slow).ok);
  await until(() => client.pool.size === 0);
});
