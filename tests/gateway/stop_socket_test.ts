import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";

const GET = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

Deno.test("stop(): not ready at once, connections taken during the delay and told to close, requests under way answered", async () => {
  const go = Promise.withResolvers<void>(), clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await go.promise;
    await request.send(answer(200, "whole"));
  });
  await using gateway = TestGateway.start(
    defineGateway({
      shutdown: { delay: "5s", grace: "30s" },
      upstreams: { o: origin.url },
      routes: [{ path: "/", upstream: "o" }, { path: "/ok", respond: {} }],
    }),
    { clock },
  );
  await using slow = await gateway.connect();
  await slow.send(GET);
  await origin.request();
  const stopped = gateway.gateway.stop();
  assert.deepEqual(gateway.gateway.notReadyReasons(), ["draining"]);
  {
    await using late = await gateway.connect();
    const response = await late.exchange("GET /ok HTTP/1.1\r\nhost: a\r\n\r\n");
    assert.deepEqual([response.status, response.header("connection")], [200, "close"]);
  }
  await clock.pass(5_000);
  await assert.rejects(gateway.connect(), "the listener is closed");
  go.resolve();
  assert.equal((await slow.response()).text, "whole");
  assert.deepEqual(await stopped, { drained: true });
});

Deno.test("stop(): what is not over after the grace time is cut", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
  await using gateway = TestGateway.start(
    defineGateway({
      shutdown: { grace: "2s" },
      upstreams: { o: { endpoints: [origin.url], timeouts: { head: "1h" } } },
      routes: [{ path: "/", upstream: "o" }],
    }),
    { clock },
  );
  await using client = await gateway.connect();
  await client.send(GET);
  await origin.request();
  const stopped = gateway.gateway.stop();
  await clock.pass(2_100);
  assert.deepEqual(await stopped, { drained: false });
  await client.gone();
});

Deno.test("stop() twice is one stop", async () => {
  await using gateway = TestGateway.start(defineGateway({ routes: [{ path: "/", respond: {} }] }));
  assert.equal(gateway.gateway.stop(), gateway.gateway.stop());
});

Deno.test("start() that fails leaves nothing open", () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const { port } = listener.addr as Deno.NetAddr;
    assert.throws(
      () =>
        TestGateway.start(defineGateway({ routes: [{ path: "/", respond: {} }] }), {}, { hostname: "127.0.0.1", port }),
      Deno.errors.AddrInUse,
    );
  } finally {
    listener.close();
  }
});
