import { strict as assert } from "node:assert";
import { defineGateway, definePolicy, type RouteConfig } from "gatewright";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { arrive, chunk, gatewayTo, get, post } from "./setup.ts";

const HINTS = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\nx-hop: 1\r\nconnection: x-hop\r\n\r\n";

Deno.test("103 passes at once, before the answer is there, and each of several does", async () => {
  const go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send(HINTS, HINTS.replace("a.css", "b.css"));
    await go.promise;
    await request.send(answer(200, "done"));
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  await client.send(get());
  const hints = [await client.responseHead(), await client.responseHead()];
  assert.deepEqual(hints.map((head) => [head.status, head.header("link")]), [
    [103, "</a.css>; rel=preload"],
    [103, "</b.css>; rel=preload"],
  ]);
  go.resolve();
  const response = await client.response();
  assert.deepEqual([response.text, response.interim.length], ["done", 0]);
  assert.equal((await client.exchange(get())).interim.length, 2, "the connection goes on");
});

Deno.test("102 passes; 100 that nobody waits for, and any of them to HTTP/1.0, do not", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\n", answer(200, "done"));
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  assert.deepEqual((await client.exchange(get())).interim.map(({ status }) => status), [102]);
  await client.send("GET / HTTP/1.0\r\nhost: a\r\n\r\n");
  const old = await client.response();
  assert.deepEqual([old.text, old.interim.length], ["done", 0]);
});

Deno.test("103 to a client that is held back is sent in order, and its answer behind it", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    const wide = HINTS.replace("\r\n\r\n", `\r\nx-wide: ${"w".repeat(8_000)}\r\n\r\n`);
    await request.send(wide, wide, wide, answer(200, "done"));
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  client.pause();
  await client.send(get());
  await gateway.event();
  client.resume();
  const response = await client.response();
  assert.deepEqual([response.text, response.interim.length], ["done", 3]);
});

Deno.test("trailers of a request go on, but for those that a head may have only", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    const { bytes, trailers } = await request.body();
    await request.send(answer(200, JSON.stringify([new TextDecoder().decode(bytes), trailers])));
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  const end = "0\r\nX-Sum: abc\r\nauthorization: forged\r\nhost: forged\r\nx-forwarded-for: forged\r\n\r\n";
  for (const pieces of [[chunk("hello") + end], [chunk("hello"), end], [chunk("hello"), ...end]]) {
    await client.send(post(["transfer-encoding: chunked", "trailer: x-sum"]));
    await client.sendPieces(pieces);
    const { text } = await client.response("POST");
    assert.deepEqual(JSON.parse(text), ["hello", [["x-sum", "abc"]]]);
  }
});

Deno.test("trailers of an answer reach the client, whether the body came with its head or piece by piece", async () => {
  const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: grpc-status\r\n\r\n";
  const end = "0\r\ngrpc-status: 0\r\nset-cookie: forged=1\r\n\r\n";
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.target === "/whole") return await request.send(head, chunk("hello"), end);
    await request.sendPieces([head, chunk("hello"), end]);
  });
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  for (const target of ["/whole", "/pieces"]) {
    const response = await client.exchange(get(target, "te: trailers", "connection: te"));
    assert.deepEqual([response.text, response.trailers], ["hello", [["grpc-status", "0"]]]);
  }
  assert.equal(origin.requests[0].header("te"), "trailers");
});

Deno.test("trailers of an answer are dropped where they cannot be said, and the body is whole", async () => {
  await using origin = await ScriptedOrigin.start(
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunk("hello") + "0\r\nx-sum: abc\r\n\r\n"],
  );
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  await client.send("GET / HTTP/1.0\r\nhost: a\r\n\r\n");
  assert.equal((await client.response()).text, "hello");
  assert.doesNotMatch(client.receivedText, /x-sum/);
});

/** A gateway with a policy that answers `/a` itself when it is told to, and does not wait for the origin's answer. */
function impatient(origin: ScriptedOrigin, settings: Pick<RouteConfig, "onClientAbort"> = {}) {
  const enough = Promise.withResolvers<Response>(), signals: AbortSignal[] = [];
  const policy = definePolicy({
    name: "impatient",
    handle(ctx, next) {
      signals.push(ctx.signal);
      return ctx.path === "/a" ? Promise.race([next(), enough.promise]) : next();
    },
  });
  const gateway = TestGateway.start(
    defineGateway({
      upstreams: { o: { endpoints: [origin.url] } },
      routes: [{ path: "/*", upstream: "o", policies: [policy], ...settings }],
    }),
    { clock: new FakeClock() },
    { engine: "h1" },
  );
  return { gateway, signals, answerNow: () => enough.resolve(new Response("enough", { status: 504 })) };
}

Deno.test("an attempt that its policy did not wait for is given up when the answer is out; nobody takes that for a client that left", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.target === "/a") return await request.hang();
    await request.send(answer(200, "b"));
  });
  const { gateway, signals, answerNow } = impatient(origin);
  await using _gateway = gateway;
  await using client = await gateway.connect();
  await client.send(get("/a"));
  const { connection } = await origin.request();
  answerNow();
  assert.deepEqual([(await client.response()).status, await connection.ended()], [504, "fin"]);
  assert.equal((await client.exchange(get("/b"))).text, "b");
  assert.deepEqual(gateway.completed.map(({ status, error }) => [status, error]), [[504, ""], [200, ""]]);
  assert.deepEqual(signals.map(({ aborted }) => aborted), [false, false]);
});

Deno.test("103 that comes when a policy has answered already never reaches the next exchange", async () => {
  const late = Promise.withResolvers<void>(), go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    if (request.target === "/a") {
      await late.promise;
      await request.send(HINTS, answer(200, "a"));
    } else {
      await go.promise;
      await request.send(answer(200, request.target));
    }
  });
  // Work that outlives its client, so that it outlives its answer too.
  const { gateway, answerNow } = impatient(origin, { onClientAbort: "finish" });
  await using _gateway = gateway;
  await using client = await gateway.connect();
  await client.send(get("/a"));
  await origin.request();
  answerNow();
  assert.equal((await client.response()).text, "enough");
  await client.send(get("/b"));
  const { connection } = await origin.request(1);
  late.resolve();
  await arrive();
  go.resolve();
  const response = await client.response();
  assert.deepEqual([response.text, response.interim.length], ["/b", 0]);
  assert.deepEqual([connection.index, origin.connections[0].ending], [1, null], "/a was finished all the same");
});
