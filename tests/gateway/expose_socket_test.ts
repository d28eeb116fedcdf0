import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { DnsServer } from "../support/dns_server.ts";
import { FakeClock } from "../support/fake_clock.ts";
import type { RawClient, RawResponse } from "../support/raw_client.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { passUntil } from "../support/until.ts";

const expose = ["health", "metrics"] as const;

function ask(client: RawClient, path: string, ...fields: string[]): Promise<RawResponse> {
  const lines = [`GET ${path} HTTP/1.1`, "host: a.example", ...fields];
  return client.exchange(lines.join("\r\n") + "\r\n\r\n");
}

const metrics = (accept: string | null) => ({ type: "text/plain; version=0.0.4", text: `# ${accept}\n` });

for (const engine of ["h1", "serve"] as const) {
  Deno.test(`${engine}: a listener answers probes and scrapes before its routes, and tells nobody of them`, async () => {
    const config = defineGateway({ routes: [{ path: "/*", respond: { body: "a route" } }] });
    await using gateway = TestGateway.start(config, { metrics }, { engine, expose });
    await using client = await gateway.connect();
    for (const path of ["/livez", "/readyz", "/ready", "/health"]) {
      const { status, header } = await ask(client, path);
      assert.deepEqual([status, header("content-type")], [200, "application/json"], path);
      assert.ok(header("x-request-id"));
    }
    assert.equal((await ask(client, "/metrics", "accept: text/x")).text, "# text/x\n");
    const head = await client.exchange("HEAD /livez HTTP/1.1\r\nhost: a.example\r\n\r\n");
    assert.deepEqual([head.status, head.header("content-length")], [200, '{"live":true}\n'.length.toString()]);
    assert.equal((await ask(client, "/other")).text, "a route");
    assert.equal((await gateway.event()).path, "/other", "the first that is told");
  });

  Deno.test(`${engine}: a listener that is not told to has nothing beside its routes`, async () => {
    const config = defineGateway({ routes: [{ path: "/*", respond: { body: "a route" } }] });
    await using gateway = TestGateway.start(config, { metrics }, { engine });
    await using client = await gateway.connect();
    for (const path of ["/livez", "/metrics"]) assert.equal((await ask(client, path)).text, "a route");
  });

  Deno.test(`${engine}: too many requests under way are no reason to take the process for dead`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => await request.hang());
    const config = defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://origin" }] });
    await using gateway = TestGateway.start(config, {}, { engine, expose: ["health"], limits: { inFlight: 1 } });
    await using busy = await gateway.connect();
    await busy.send("GET /hangs HTTP/1.1\r\nhost: a.example\r\n\r\n");
    await origin.request();
    await using client = await gateway.connect();
    assert.equal((await ask(client, "/other")).status, 503);
    assert.equal((await ask(client, "/livez")).status, 200);
    busy.close();
  });

  Deno.test(`${engine}: while it drains it is alive and not ready`, async () => {
    const clock = new FakeClock();
    const config = defineGateway({ shutdown: { delay: "10s" }, routes: [{ path: "/*", respond: { body: "a" } }] });
    await using gateway = TestGateway.start(config, { clock }, { engine, expose: ["health"] });
    const stopped = gateway.gateway.stop();
    for (
      const [path, status, text] of [
        ["/livez", 200, '{"live":true}\n'],
        ["/readyz", 503, '{"ready":false,"reasons":["draining"]}\n'],
        ["/health", 503, '{"status":"fail","ready":false,"reasons":["draining"],"upstreams":[]}\n'],
      ] as const
    ) {
      await using client = await gateway.connect();
      const answered = await ask(client, path);
      assert.deepEqual([answered.status, answered.text], [status, text]);
    }
    await passUntil(clock, stopped, 100);
  });

  Deno.test(`${engine}: what is told of an exchange has the fields that were sent`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200, "here", "x-from: origin"));
    const config = defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://origin" }] });
    await using gateway = TestGateway.start(config, {}, { engine });
    await using client = await gateway.connect();
    assert.equal((await ask(client, "/")).status, 200);
    assert.equal((await gateway.event()).exchange.answered?.get("x-from"), "origin");
  });
}

Deno.test("the gateway is not ready while no endpoint of a required upstream may take requests", async () => {
  const clock = new FakeClock();
  let status = 503;
  await using origin = await ScriptedOrigin.start((request) => request.send(answer(status)));
  const health = { path: "/up", interval: "1s", rise: 1, fall: 1 } as const;
  const config = defineGateway({
    upstreams: {
      needed: { endpoints: [origin.url], health, required: true },
      other: { endpoints: [origin.url], health },
    },
    routes: [{ path: "/*", upstream: "needed" }, { path: "/other", upstream: "other" }],
  });
  await using gateway = TestGateway.start(config, { clock }, { expose: ["health"] });
  const reasons = () => gateway.gateway.notReadyReasons();
  const pass = async () => {
    await clock.pass(500);
    return true;
  };
  while (reasons().length === 0) await pass();
  assert.deepEqual(reasons(), ["upstream needed: no endpoint may take requests (unhealthy)"]);
  assert.equal(gateway.gateway.health().status, "fail");
  status = 200;
  while (reasons().length > 0) await pass();
  const { ready, upstreams } = gateway.gateway.health();
  assert.deepEqual([ready, upstreams.map(({ required }) => required)], [true, [true, false]]);
});

Deno.test("the gateway is not ready until DNS has found endpoints of a required upstream", async () => {
  await using dns = DnsServer.start({ "A needed.test": "silence", "AAAA needed.test": "silence" });
  const { hostname, port } = dns.address;
  const endpoints = { dns: "http://needed.test", nameservers: [`${hostname}:${port}`] } as const;
  const config = defineGateway({
    upstreams: { needed: { endpoints, required: true } },
    routes: [{ path: "/*", upstream: "needed" }],
  });
  await using gateway = TestGateway.start(config, { clock: new FakeClock() }, {});
  assert.match(gateway.gateway.notReadyReasons()[0], /^upstream needed: DNS has not answered yet$/);
});
