import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { passUntil } from "../support/until.ts";

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
  await clock.pass(5_100);
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
  await passUntil(clock, stopped, 100);
  assert.deepEqual(await stopped, { drained: false });
  assert.equal((await gateway.event()).error, "shutting_down");
  const response = await client.response();
  assert.deepEqual([response.status, JSON.parse(response.text).code], [503, "shutting_down"]);
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

Deno.test("stop() under load: every request that was sent is answered whole", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "whole")]);
  await using gateway = TestGateway.start(
    defineGateway({ upstreams: { o: origin.url }, routes: [{ path: "/", upstream: "o" }] }),
  );
  const busy = Promise.withResolvers<void>();
  let answered = 0;
  /** Sends one request after the other until it is told to close. */
  const loop = async () => {
    await using client = await gateway.connect();
    for (;;) {
      const response = await client.exchange(GET);
      assert.equal(response.text, "whole");
      if (++answered === 200) busy.resolve();
      if (response.header("connection") === "close") return;
    }
  };
  const loops = Array.from({ length: 16 }, loop);
  await busy.promise;
  const stopped = gateway.gateway.stop();
  await Promise.all(loops);
  assert.deepEqual(await stopped, { drained: true });
  assert.equal(gateway.completed.length, answered);
});
