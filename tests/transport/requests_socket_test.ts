import { strict as assert } from "node:assert";
import type { Body } from "../../src/core/body.ts";
import { BodyError } from "../../src/core/body.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import { bodyText, GivenBody, Patient, TransportHarness } from "./harness.ts";

const HEAD = (method: string, framing = "") => `${method} / HTTP/1.1\r\nhost: origin\r\n${framing}\r\n`;
const bytes = (text: string) => new TextEncoder().encode(text);

for (
  const [title, method, body, wire] of [
    ["GET without a body", "GET", null, HEAD("GET")],
    ["POST without a body", "POST", null, HEAD("POST", "content-length: 0\r\n")],
    ["POST of bytes", "POST", bytes("hello"), HEAD("POST", "content-length: 5\r\n") + "hello"],
  ] as const
) {
  Deno.test(`${title} has these bytes on the wire`, async () => {
    await using origin = await ScriptedOrigin.start([answer(200)]);
    await using client = new TransportHarness(origin.port);
    await client.reply(method, body);
    assert.equal(origin.connections[0].receivedText, wire);
  });
}

Deno.test("a body of known length begins in the head's packet and ends with its last byte", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using client = new TransportHarness(origin.port);
  const body = new GivenBody(10), reply = client.reply("PUT", body);
  body.give("01234");
  const request = await origin.request();
  assert.equal(request.header("content-length"), "10");
  body.give("56789");
  body.give(null);
  assert.equal((await reply).status, 200);
  assert.equal(await request.text(), "0123456789");
  assert.equal(client.pool.idle, 1);
});

Deno.test("the head of a chunked body does not wait for the body", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using client = new TransportHarness(origin.port);
  const body = new GivenBody(undefined), reply = client.reply("POST", body);
  const request = await origin.request();
  assert.equal(request.header("transfer-encoding"), "chunked");
  body.give("hello");
  body.give("!");
  body.give(null);
  await reply;
  const received = await request.body();
  assert.deepEqual(received.chunks, [5, 1]);
  assert.equal(new TextDecoder().decode(received.bytes), "hello!");
});

Deno.test("an early answer is passed on, the upload given up and the connection closed", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.send(answer(413, "too much")));
  await using client = new TransportHarness(origin.port);
  const body = new GivenBody(undefined);
  const reply = await client.reply("POST", body);
  assert.deepEqual([reply.status, await bodyText(reply)], [413, "too much"]);
  assert.ok(body.cancelled);
  assert.equal(client.pool.size, 0);
});

Deno.test("a request body that breaks off closes the connection, so that it is never taken as whole", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
  await using client = new TransportHarness(origin.port);
  const body = new GivenBody(undefined), outcome = client.failure("POST", body);
  const request = await origin.request();
  body.give(new BodyError("client", "left"));
  const failure = await outcome;
  assert.deepEqual([failure.code, failure.fault], ["request_body_failed", "client"]);
  assert.ok(["fin", "reset"].includes(await request.connection.ended()));
  assert.ok(!origin.connections[0].receivedText.includes("0\r\n\r\n"));
});

Deno.test("a body shorter than its length is no request", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
  await using client = new TransportHarness(origin.port);
  const body = new GivenBody(10), outcome = client.failure("PUT", body);
  body.give("short");
  const request = await origin.request();
  body.give(null);
  assert.equal((await outcome).code, "request_body_failed");
  await request.connection.ended();
});

Deno.test("a client that leaves closes the endpoint's connection and counts against nobody", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
  await using client = new TransportHarness(origin.port);
  const waiting = new Patient(), outcome = client.failure("GET", null, waiting);
  const request = await origin.request();
  waiting.leave();
  assert.deepEqual((await outcome).fault, "client");
  assert.ok(["fin", "reset"].includes(await request.connection.ended()));
  assert.equal(client.pool.size, 0);
});

Deno.test("requests one after another share a connection", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "x")]);
  await using client = new TransportHarness(origin.port);
  for (let i = 0; i < 5; i++) await client.reply();
  assert.deepEqual([origin.connections.length, origin.requests.length], [1, 5]);
});

Deno.test("a pooled connection that the endpoint closed is replaced without anybody noticing", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    // Takes the second request of a connection and closes: what a client sees that meets a keep-alive timeout.
    if (request.index === 1) return await request.connection.reset();
    await request.send(answer(200, `connection ${request.connection.index}`));
  });
  await using client = new TransportHarness(origin.port);
  await client.reply();
  assert.equal(await bodyText(await client.reply()), "connection 1");
});

for (
  const [method, body] of [["POST", null], ["PATCH", bytes("x")]] as const
) {
  Deno.test(`${method} is not repeated on another connection`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      if (request.index === 2) return await request.connection.reset();
      await request.send(answer(200));
    });
    await using client = new TransportHarness(origin.port);
    await client.reply();
    await client.reply();
    assert.equal((await client.failure(method, body)).code, "upstream_reset");
    assert.equal(origin.requests.length, 3);
  });

  Deno.test(`${method} does not go over a connection that has answered once only: it may be about to close`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.body();
      await request.send(answer(200, `${request.connection.index}`));
    });
    await using client = new TransportHarness(origin.port, { limits: { max: 2 } });
    const over = async (method: string, body: Body = null) => await bodyText(await client.reply(method, body));
    assert.equal(await over("GET"), "0");
    assert.equal(await over(method, body), "1");
    assert.equal(await over(method, body), "1", "a full pool has no other");
    assert.equal(await over("GET"), "1", "the one used last is used first");
    assert.equal(await over("GET"), "1");
    assert.equal(await over(method, body), "1", "it has outlived an answer");
  });
}

Deno.test("an idle connection that the endpoint closes leaves the pool at once", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send(answer(200));
    await request.connection.close();
  });
  await using client = new TransportHarness(origin.port);
  await client.reply();
  await origin.connections[0].gone();
  // The close has been sent; it arrives with the next turns of the event loop.
  await until(() => client.pool.size === 0);
});

Deno.test("an idle connection that sends bytes is closed: they answer nothing", async () => {
  const late = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.connection.index > 0) return await request.send(answer(200, "right"));
    await request.send(answer(200));
    await late.promise;
    await request.send(answer(200, "poison"));
    await request.connection.gone();
  });
  await using client = new TransportHarness(origin.port);
  await client.reply();
  late.resolve();
  await until(() => client.pool.size === 0);
  assert.equal(await bodyText(await client.reply()), "right");
});

Deno.test("a request is not repeated once a byte of the answer has come", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.index === 0) return await request.send(answer(200));
    await request.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 2");
    await request.connection.close();
  });
  await using client = new TransportHarness(origin.port);
  await client.reply();
  const failure = await client.failure("DELETE");
  assert.deepEqual([failure.code, failure.stage, origin.requests.length], ["upstream_reset", "head", 2]);
});

for (const fault of ["client", "too-large", "client-timeout"] as const) {
  Deno.test(`a request body that fails under a running answer is the end of that answer, by its own fault: ${fault}`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
      await request.hang();
    });
    await using client = new TransportHarness(origin.port);
    const body = new GivenBody(undefined), cause = new BodyError(fault, "it broke off");
    body.give("start");
    const reply = await client.reply("POST", body), reading = bodyText(reply);
    await origin.request();
    body.give(cause);
    await assert.rejects(reading, (error) => error === cause);
    await origin.connections[0].ended();
    assert.equal(client.pool.size, 0);
  });
}

Deno.test("an answer that the endpoint breaks off is the endpoint's fault, whatever its request's body still does", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await request.connection.reset();
  });
  await using client = new TransportHarness(origin.port);
  const body = new GivenBody(undefined);
  body.give("start");
  const reply = await client.reply("POST", body);
  await assert.rejects(bodyText(reply), (error) => error instanceof BodyError && error.fault === "endpoint");
});

Deno.test("a POST goes over a connection that has been idle for a moment", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.body();
    await request.send(answer(200, `${request.connection.index}`));
  });
  await using client = new TransportHarness(origin.port);
  const post = async () => await bodyText(await client.reply("POST"));
  assert.equal(await post(), "0");
  assert.equal(await post(), "1", "the first has only just answered");
  await client.clock.pass(150);
  for (let i = 0; i < 5; i++) {
    assert.match(await post(), /^[01]$/);
    await client.clock.pass(20);
  }
  assert.equal(origin.connections.length, 2);
});

Deno.test("POSTs in a row open a few connections, not one each", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.body();
    await request.send(answer(200));
  });
  await using client = new TransportHarness(origin.port, { limits: { max: 64 } });
  for (let i = 0; i < 30; i++) await client.reply("POST");
  assert.equal(origin.connections.length, 8);
});
