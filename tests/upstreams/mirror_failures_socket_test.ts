import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { turn } from "../support/turn.ts";
import { until } from "../support/until.ts";
import { answering, ask, ENGINES, gatewayTo, get, HangingPorts, post, REFUSING, settle } from "./traffic_bed.ts";

const SHADOWS: readonly [what: string, does: (request: OriginRequest) => Promise<void>][] = [
  ["hangs", (request) => request.hang()],
  ["resets", ({ connection }) => connection.reset()],
  ["sends garbage", (request) => request.send("garbage\r\n\r\n")],
  ["cuts its body", async ({ connection }) => {
    await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf");
    await connection.close();
  }],
  ["hangs in its body", async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf");
    await request.hang();
  }],
  [
    "switches protocols",
    (request) => request.send("HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
  ],
];
for (const engine of ENGINES) {
  for (const [what, does] of SHADOWS) {
    Deno.test(`${engine}: a mirror that ${what} does nothing to the answer, nor to its time`, async () => {
      const clock = new FakeClock();
      await using origin = await answering(200, "real");
      await using shadow = await ScriptedOrigin.start(does);
      await using gateway = gatewayTo([origin.url], clock, {
        upstreams: { shadow: { endpoints: [shadow.url], timeouts: { head: "1s", idle: "1s" } } },
        route: { mirror: { upstream: "shadow" } },
        listen: { engine },
      });
      for (let i = 0; i < 3; i++) assert.equal((await ask(gateway, i === 1 ? post("hello") : get())).text, "real");
      assert.equal(clock.now(), 0);
      await until(() => shadow.requests.length === 3);
      // Each ends by its own time limits.
      clock.advance(3_000);
      for (const connection of shadow.connections) await connection.ended();
      assert.ok(gateway.completed.every(({ error, status }) => error === "" && status === 200));
    });
  }
}

Deno.test("a mirror that cannot be reached does nothing to the answer", async () => {
  const clock = new FakeClock(), ports = new HangingPorts(9);
  await using origin = await answering(200, "real");
  for (const upstream of [REFUSING, "http://127.0.0.1:9"] as const) {
    await using gateway = gatewayTo([origin.url], clock, {
      route: { mirror: { upstream } },
      world: { connect: ports.connect },
    });
    for (let i = 0; i < 3; i++) assert.equal((await ask(gateway, post("hello"))).text, "real");
  }
});

Deno.test("the mirror's upstream has its own limits and breaker", async () => {
  await using origin = await answering(200, "real");
  await using shadow = await answering(500);
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    upstreams: { shadow: { endpoints: [shadow.url], circuitBreaker: { failureThreshold: 2 } } },
    route: { mirror: { upstream: "shadow" } },
  });
  let open = false;
  gateway.gateway.events.on("breaker.changed", () => open = true);
  for (let i = 0; i < 2; i++) assert.equal((await ask(gateway, get())).text, "real");
  await until(() => open);
  for (let i = 0; i < 4; i++) assert.equal((await ask(gateway, get())).text, "real");
  await settle();
  assert.equal(shadow.requests.length, 2);
});

const STAND_STILL: readonly [what: string, does: (request: OriginRequest) => Promise<void>][] = [
  ["before their answers", (request) => request.hang()],
  ["in the middle of their answers", async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 50000\r\n\r\nhalf");
    await request.hang();
  }],
];
for (const [where, does] of STAND_STILL) {
  Deno.test(`a gateway that stops gives up its copies that stand still ${where}`, async () => {
    await using origin = await answering(200, "real");
    await using shadow = await ScriptedOrigin.start(does);
    {
      await using gateway = gatewayTo([origin.url], new FakeClock(), {
        route: { mirror: { upstream: shadow.url as "http://x" } },
      });
      await ask(gateway, get());
      await until(() => shadow.requests.length === 1);
    }
    await shadow.connections[0].ended();
    assert.equal(shadow.requests.length, 1);
  });
}

Deno.test("a mirror whose body never ends holds its place for a while only", async () => {
  const clock = new FakeClock();
  await using origin = await answering(200, "real");
  await using shadow = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    while (request.connection.ending === null) {
      await request.send("4\r\ntick\r\n").catch(() => {});
      await turn();
    }
  });
  await using gateway = gatewayTo([origin.url], clock, {
    upstreams: { shadow: { endpoints: [shadow.url], timeouts: { idle: "1s", head: "1s" } } },
    route: { mirror: { upstream: "shadow", maxInFlight: 1 } },
  });
  await ask(gateway, get());
  await until(() => shadow.requests.length === 1);
  for (let i = 0; i < 30 && shadow.connections[0].ending === null; i++) await clock.pass(1_000);
  assert.notEqual(shadow.connections[0].ending, null);
});
