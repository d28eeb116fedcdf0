import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { arrive, chunk, gatewayTo, get, post, whenStill } from "./setup.ts";

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const EXPECTING = post(["content-length: 5", "expect: 100-continue"]);

Deno.test("the origin's 100 is the client's: not a byte of the body is asked for before", async () => {
  const go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await go.promise;
    await request.send(CONTINUE);
    await request.send(answer(201, await request.text()));
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  await client.send(EXPECTING);
  const request = await origin.request();
  assert.equal(request.header("expect"), "100-continue");
  await whenStill(() => client.received.length);
  assert.equal(client.receivedText, "");
  go.resolve();
  assert.equal(await client.takeUntil("\r\n\r\n"), CONTINUE);
  await client.send("hello");
  const response = await client.response("POST");
  assert.deepEqual([response.status, response.text, response.interim.length], [201, "hello", 0]);
  assert.equal((await client.exchange(get())).status, 201, "the connection goes on");
});

Deno.test("the same with a body in chunks", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send(CONTINUE);
    await request.send(answer(201, await request.text()));
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  await client.send(post(["transfer-encoding: chunked", "expect: 100-continue"]));
  assert.equal(await client.takeUntil("\r\n\r\n"), CONTINUE);
  await client.send(chunk("hello"), "0\r\n\r\n");
  assert.equal((await client.response("POST")).text, "hello");
});

Deno.test("an origin that never says 100 gets the body a second later all the same", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send(answer(200, await request.text()));
  });
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send(EXPECTING);
  await origin.request();
  await clock.pass(800);
  assert.equal(client.receivedText, "");
  await clock.pass(600);
  assert.equal(await client.takeUntil("\r\n\r\n"), CONTINUE);
  await client.send("hello");
  assert.equal((await client.response("POST")).text, "hello");
});

for (const status of [417, 403, 200]) {
  Deno.test(`an origin that answers ${status} at once: no 100, no body, the answer passes and the connection ends`, async () => {
    await using origin = await ScriptedOrigin.start({
      async connection(connection) {
        await connection.nextRequest();
        await connection.send(answer(status, "no"));
        await connection.gone();
      },
    });
    await using gateway = gatewayTo(origin, { clock: new FakeClock() });
    await using client = await gateway.connect();
    await client.send(EXPECTING);
    const response = await client.response("POST");
    assert.deepEqual([response.status, response.text, response.interim.length], [status, "no", 0]);
    assert.equal(response.header("connection"), "close");
    assert.equal(await client.ended(), "fin");
    await origin.connections[0].ended();
    assert.ok(origin.connections[0].receivedText.endsWith("\r\n\r\n"), "not a byte of a body");
  });
}

Deno.test("a route that needs no body answers without 100, and nobody upstream is asked", async () => {
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/", respond: { status: 403, body: "no" } }] }),
    { clock: new FakeClock() },
    { engine: "h1" },
  );
  await using client = await gateway.connect();
  await client.send(EXPECTING);
  const response = await client.response("POST");
  assert.deepEqual([response.status, response.interim.length, response.header("connection")], [403, 0, "close"]);
});

Deno.test("a handler that reads the body asks for it, and one that does not does not", async () => {
  await using gateway = TestGateway.start(
    defineGateway({
      routes: [
        { path: "/reads", handler: async (ctx) => new Response(await ctx.request.text()) },
        { path: "/ignores", handler: () => new Response("no") },
      ],
    }),
    { clock: new FakeClock() },
    { engine: "h1" },
  );
  await using reads = await gateway.connect();
  await reads.send(EXPECTING.replace("/ ", "/reads "));
  assert.equal(await reads.takeUntil("\r\n\r\n"), CONTINUE);
  await reads.send("hello");
  assert.equal((await reads.response("POST")).text, "hello");
  await using ignores = await gateway.connect();
  await ignores.send(EXPECTING.replace("/ ", "/ignores "));
  assert.equal((await ignores.response("POST")).interim.length, 0);
});

Deno.test("a client that does not wait: its body goes on, and the connection too", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send(answer(200, await request.text()));
  });
  const clock = new FakeClock();
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  for (const pieces of [[EXPECTING + "hello"], [EXPECTING + "he", "llo"], [EXPECTING, "hello"]]) {
    for (const piece of pieces) {
      await client.send(piece);
      await arrive();
    }
    // The origin says nothing, and need not.
    await clock.pass(1_200);
    assert.equal((await client.response("POST")).text, "hello");
  }
});

Deno.test("an expectation without a body, and one of HTTP/1.0, are not heard", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send(answer(200, await request.text()));
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  assert.equal((await client.exchange(get("/", "expect: 100-continue"))).interim.length, 0);
  await client.send(EXPECTING.replace("HTTP/1.1", "HTTP/1.0") + "hello");
  const response = await client.response("POST");
  assert.deepEqual([response.text, response.interim.length], ["hello", 0]);
  assert.deepEqual(origin.requests.map((request) => request.header("expect")), [null, null]);
});

Deno.test("another expectation is a 417 of the gateway's own", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  await client.send(post(["content-length: 5", "expect: tea"], "hello"));
  assert.equal((await client.response("POST")).status, 417);
  assert.equal(origin.requests.length, 0);
});
