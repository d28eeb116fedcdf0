import { strict as assert } from "node:assert";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { connect } from "../../src/transport/connect.ts";
import type { Connect } from "../../src/transport/socket.ts";
import { passUntil, until } from "../support/until.ts";
import { Patient, TransportHarness } from "./harness.ts";

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

Deno.test("the time limit of waiting is off once a connection is being opened, and nobody else's place is taken", async () => {
  const dials: (() => void)[] = [];
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.connection.index === 0) return await request.hang();
    await request.send(answer(200));
  });
  const slowly: Connect = (address, signal) =>
    new Promise((resolve, reject) => dials.push(() => connect(address, signal).then(resolve, reject)));
  await using client = new TransportHarness(origin.port, { limits: { max: 1 }, connect: slowly });
  const patient = new Patient(), first = client.failure("GET", null, patient);
  dials[0]();
  await origin.request();
  const second = client.send("GET");
  await client.clock.pass(900);
  const third = client.send("GET");
  patient.leave();
  await first;
  await until(() => dials.length === 2);
  await client.clock.pass(500);
  dials[1]();
  assert.ok((await second).ok);
  assert.ok((await third).ok, "it has its turn");
  assert.deepEqual([client.pool.size, client.pool.idle], [1, 1]);
});

Deno.test("a client that left before its turn costs no connection and blames nobody", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using client = new TransportHarness(origin.port);
  await client.reply();
  const gone = new Patient();
  gone.leave();
  for (let i = 0; i < 3; i++) {
    const failure = await client.failure("GET", null, gone);
    assert.deepEqual([failure.code, failure.fault, failure.sent], ["client_closed_request", "client", false]);
  }
  assert.deepEqual([client.pool.size, client.pool.idle, origin.requests.length], [1, 1, 1]);
});

Deno.test("a client that leaves while it waits for a connection is told at once; the connection goes to the pool", async () => {
  const dials: (() => void)[] = [];
  await using origin = await ScriptedOrigin.start([answer(200)]);
  const slowly: Connect = (address, signal) =>
    new Promise((resolve, reject) => dials.push(() => connect(address, signal).then(resolve, reject)));
  await using client = new TransportHarness(origin.port, { connect: slowly });
  const waiting = new Patient(), outcome = client.failure("GET", null, waiting);
  waiting.leave();
  assert.equal((await outcome).code, "client_closed_request");
  dials[0]();
  await until(() => client.pool.idle === 1);
  assert.equal(origin.requests.length, 0);
});

Deno.test("who waited and got a used connection that was closed is served by another", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    // Closes after each answer without a word.
    await request.send(answer(200));
    await request.connection.reset();
  });
  await using client = new TransportHarness(origin.port, { limits: { max: 1 } });
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => client.send("GET")));
  assert.deepEqual(outcomes.map(({ ok }) => ok), [true, true, true, true]);
});
