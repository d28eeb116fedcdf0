import { strict as assert } from "node:assert";
import { defineGateway, type Policy } from "gatewright";
import { z } from "zod";
import { recordPolicy } from "../../src/core/policy.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { passUntil } from "../support/until.ts";
import { H2Origin } from "../transport/fetch_origin.ts";

const GET = "GET /x HTTP/1.1\r\nhost: a\r\nx-request-id: id-1\r\n\r\n";

const toOrigin = (url: string) =>
  defineGateway({ upstreams: { o: { endpoints: [url], retry: false } }, routes: [{ path: "/*", upstream: "o" }] });

/** Checks a problem document: status, code, request id, and nothing that gives internals away. */
function assertProblem(
  response: { status: number; text: string; header(name: string): string | null },
  status: number,
  code: string,
): void {
  assert.equal(response.status, status);
  assert.equal(response.header("content-type"), "application/problem+json");
  const document = JSON.parse(response.text);
  assert.deepEqual([document.status, document.code, document.requestId], [status, code, "id-1"]);
  assert.doesNotMatch(response.text, /127\.0\.0\.1|Error:|\bat \S+:\d|src\//);
}

Deno.test("an endpoint that refuses connections: 502 connect_refused", async () => {
  const origin = await ScriptedOrigin.start([answer(200)]), { url } = origin;
  await origin[Symbol.asyncDispose]();
  await using gateway = TestGateway.start(toOrigin(url));
  await using client = await gateway.connect();
  assertProblem(await client.exchange(GET), 502, "connect_refused");
  assert.equal((await gateway.event()).error, "connect_refused");
});

Deno.test("an endpoint that closes without an answer: 502 upstream_reset", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.connection.close());
  await using gateway = TestGateway.start(toOrigin(origin.url));
  await using client = await gateway.connect();
  assertProblem(await client.exchange(GET), 502, "upstream_reset");
});

Deno.test("an endpoint that speaks no HTTP: 502 upstream_protocol_error", async () => {
  await using origin = await ScriptedOrigin.start(["garbage\r\n\r\n"]);
  await using gateway = TestGateway.start(toOrigin(origin.url));
  await using client = await gateway.connect();
  assertProblem(await client.exchange(GET), 502, "upstream_protocol_error");
});

Deno.test("an endpoint with no end of interim answers: 502 upstream_head_too_large, its connection closed", async () => {
  const hints = `HTTP/1.1 103 Early Hints\r\nlink: </${"a".repeat(4_000)}>\r\n\r\n`;
  await using origin = await ScriptedOrigin.start(async ({ connection }) => {
    while (connection.ending === null) await connection.send(hints).catch(() => {});
  });
  await using gateway = TestGateway.start(toOrigin(origin.url));
  await using client = await gateway.connect();
  const response = await client.exchange(GET);
  assertProblem(response, 502, "upstream_head_too_large");
  assert.ok(response.interim.length > 0 && response.interim.length <= 16, `${response.interim.length} interim answers`);
  await origin.connections[0].ended();
});

Deno.test("an endpoint that never answers: 504 after timeouts.head, and its connection is closed", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
  const clock = new FakeClock();
  await using gateway = TestGateway.start(
    defineGateway({
      upstreams: { o: { endpoints: [origin.url], timeouts: { head: "10s" }, retry: false } },
      routes: [{ path: "/x", upstream: "o", timeouts: { head: "2s" } }],
    }),
    { clock },
  );
  await using client = await gateway.connect();
  const response = client.exchange(GET);
  await origin.request();
  const start = clock.now();
  await passUntil(clock, response, 50);
  assert.ok(clock.now() - start < 10_000, "the route's own timeout");
  assertProblem(await response, 504, "upstream_timeout");
  await origin.connections[0].gone();
});

Deno.test("a body that breaks off is never passed as whole", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 50000\r\n\r\nhalf");
    await request.connection.close();
  });
  await using gateway = TestGateway.start(toOrigin(origin.url));
  await using client = await gateway.connect();
  await client.send(GET);
  await assert.rejects(client.response());
  const event = await gateway.event();
  assert.deepEqual([event.status, event.error], [200, "upstream_body_broken"]);
});

Deno.test("chunks that break off have no end", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n");
    await request.connection.close();
  });
  await using gateway = TestGateway.start(toOrigin(origin.url));
  await using client = await gateway.connect();
  await client.send(GET);
  await assert.rejects(client.response());
  assert.ok(!client.receivedText.includes("0\r\n\r\n"));
});

Deno.test("a client that leaves before the answer: the endpoint is told, the log says 499", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
  const clock = new FakeClock();
  await using gateway = TestGateway.start(toOrigin(origin.url), { clock });
  {
    await using client = await gateway.connect();
    await client.send(GET);
    await origin.request();
  }
  const gone = origin.connections[0].gone();
  await passUntil(clock, gone, 50);
  const event = await gateway.event();
  assert.deepEqual([event.status, event.error], [499, "client_closed_request"]);
});

Deno.test("a client that leaves in the middle of the body: the endpoint is told, the log says 499", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await request.connection.gone();
  });
  await using gateway = TestGateway.start(toOrigin(origin.url));
  {
    await using client = await gateway.connect();
    await client.send(GET);
    await client.takeWhen("the first piece", (text) => text.includes("hello"));
  }
  await origin.connections[0].gone();
  const event = await gateway.event();
  assert.deepEqual([event.status, event.error, event.bytesOut], [499, "client_closed_request", 5]);
});

Deno.test("a client that leaves in the middle of an upload: the endpoint never sees a whole request", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
  await using gateway = TestGateway.start(toOrigin(origin.url));
  {
    await using client = await gateway.connect();
    await client.send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    const request = await origin.request();
    await request.connection.takeWhen("the first chunk", (text) => text.includes("hello"));
  }
  await origin.connections[0].gone();
  assert.ok(!origin.connections[0].receivedText.includes("0\r\n\r\n"));
  assert.equal((await gateway.event()).error, "client_closed_request");
});

Deno.test("a handler that throws: 500 with the id, the cause in the log, and the gateway goes on", async () => {
  await using gateway = TestGateway.start(defineGateway({
    routes: [
      {
        path: "/x",
        handler: () => {
          throw new Error("the database password is hunter2");
        },
      },
      { path: "/async", handler: () => Promise.reject(new Error("later")) },
      { path: "/ok", respond: { body: "fine" } },
    ],
  }));
  await using client = await gateway.connect();
  const response = await client.exchange(GET);
  assertProblem(response, 500, "internal_error");
  assert.doesNotMatch(response.text, /hunter2/);
  assertProblem(await client.exchange(GET.replace("/x", "/async")), 500, "internal_error");
  assert.equal((await client.exchange(GET.replace("/x", "/ok"))).text, "fine");
  const errors = gateway.log.filter(({ level }) => level === "error");
  assert.deepEqual(errors.map(({ fields }) => [fields?.requestId, String(fields?.error).split("\n")[0]]), [
    ["id-1", "Error: the database password is hunter2"],
    ["id-1", "Error: later"],
  ]);
});

/** A policy that is no web policy, so that nothing but the engine looks at the status it makes up. */
const madeUp: Policy<"madeUp", never, never> = recordPolicy({
  kind: "madeUp",
  schema: z.string(),
  build: () => (next) => async (exchange) => {
    const reply = await next(exchange);
    reply.status = 999;
    return reply;
  },
}, "");

for (const body of ["bytes", "a stream"]) {
  Deno.test(`a status that no answer can have, with ${body}: 500, a cause in the log, and nothing left open`, async () => {
    await using origin = await ScriptedOrigin.start([
      body === "bytes" ? answer(200, "x") : `HTTP/1.1 200 OK\r\ncontent-length: 50000\r\n\r\n${"x".repeat(50_000)}`,
    ]);
    await using gateway = TestGateway.start(
      defineGateway({ upstreams: { o: origin.url }, routes: [{ path: "/*", upstream: "o", policies: [madeUp] }] }),
    );
    await using client = await gateway.connect();
    assertProblem(await client.exchange(GET), 500, "internal_error");
    assert.equal((await gateway.event()).status, 500);
    assert.ok(gateway.log.some(({ level }) => level === "error"));
    assert.deepEqual(await gateway.gateway.stop(), { drained: true });
  });
}

const BROKEN_UPLOADS: readonly [what: string, rest: string, code: string][] = [
  ["breaks its chunks", "zzz\r\n", "client_closed_request"],
  ["grows beyond its limit", "14\r\n" + "y".repeat(20) + "\r\n", "body_too_large"],
];

for (const [what, rest, code] of BROKEN_UPLOADS) {
  for (const protocol of ["h1", "h2"] as const) {
    Deno.test(`an upload that ${what} under its answer, upstream in ${protocol}: no clean end, logged as ${code}`, async () => {
      await using h1 = await ScriptedOrigin.start(async (request) => {
        await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
        await request.hang();
      });
      await using h2 = await H2Origin.start(({ stream }) => {
        stream.respond({ ":status": 200 });
        stream.write("hello");
      });
      const endpoint = protocol === "h1" ? h1.url : h2.url;
      await using gateway = TestGateway.start(
        defineGateway({
          upstreams: { o: { endpoints: [endpoint as "http://x"], protocol } },
          routes: [{ path: "/*", upstream: "o" }],
        }),
        {},
        { engine: "h1", limits: { body: 10 } },
      );
      await using client = await gateway.connect();
      await client.send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
      await client.takeUntil("hello\r\n");
      await client.send(rest);
      assert.equal((await gateway.event()).error, code);
      await client.ended();
      assert.equal(client.takeNow().length, 0, "no last chunk");
    });
  }
}
