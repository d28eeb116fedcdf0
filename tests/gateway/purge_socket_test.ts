import { strict as assert } from "node:assert";
import { cache } from "../../src/policies/cache/cache.ts";
import type { GatewayWorld } from "../../src/gateway.ts";
import { redis } from "../../src/state/redis.ts";
import { PurgeChannel } from "../../src/runtime/purge_channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import { eventually, RedisServer } from "../support/redis_server.ts";
import { requires } from "../support/requires.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { until } from "../support/until.ts";

/** Counts what it is asked, and answers with the count. */
class Counter implements AsyncDisposable {
  count = 0;
  readonly #server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    return new Response(`${++this.count}`, { headers: { "cache-tag": "t", etag: '"e"' } });
  });

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

function start(origin: Counter, world: Partial<GatewayWorld> = {}, store?: string): TestGateway {
  const kept = { forceTtl: "60s", ...store === undefined ? {} : { store: "shared" } } as const;
  return TestGateway.start({
    ...store === undefined ? {} : { stores: { shared: redis({ url: store, timeout: "10s" }) } },
    routes: [
      { path: "/a/*", upstream: origin.url, policies: [cache({ id: "one", ...kept })] },
      { path: "/b/*", upstream: origin.url, policies: [cache({ id: "two", ...kept })] },
    ],
  }, world);
}

/** What it answers; all gateways are asked under the same name. */
async function get(gateway: TestGateway, path: string): Promise<string> {
  await using client = await gateway.connect();
  return (await client.exchange(`GET ${path} HTTP/1.1\r\nhost: a.example\r\n\r\n`)).text;
}

Deno.test("Gateway.purge() reaches all caches, or one, and Gateway.caches() tells of them", async () => {
  await using origin = new Counter();
  await using gateway = start(origin);
  assert.deepEqual([await get(gateway, "/a/1"), await get(gateway, "/b/1"), await get(gateway, "/a/1")], [
    "1",
    "2",
    "1",
  ]);
  const { gateway: it } = gateway;
  assert.deepEqual(it.caches().map(({ id, entries }) => [id, entries]), [["one", 1], ["two", 1]]);
  assert.deepEqual(await it.purge({ target: { all: true }, soft: false }, "two"), {
    caches: ["two"],
    removed: 1,
    failures: [],
  });
  assert.deepEqual([await get(gateway, "/a/1"), await get(gateway, "/b/1")], ["1", "3"]);
  assert.equal((await it.purge({ target: { prefix: "/" }, soft: false })).removed, 2);
  assert.deepEqual(it.caches().map(({ entries }) => entries), [0, 0]);
  assert.deepEqual((await it.purge({ target: { all: true }, soft: false }, "none")).caches, []);
});

Deno.test("a purge is over when all threads of the process have done it", async () => {
  await using origin = new Counter();
  const name = crypto.randomUUID(), channels = [1, 2].map(() => new PurgeChannel(name, systemClock));
  await until(() => channels.every(({ others }) => others === 1));
  await using one = start(origin, { purges: channels[0] });
  await using two = start(origin, { purges: channels[1] });
  assert.deepEqual([await get(one, "/a/1"), await get(two, "/a/1")], ["1", "2"]);
  assert.equal((await one.gateway.purge({ target: { url: "/a/1" }, soft: false })).removed, 2);
  assert.deepEqual([await get(two, "/a/1"), await get(one, "/a/1")], ["3", "4"]);
  for (const channel of channels) channel.close();
});

requires("redis-server").test(
  "gateways that share a store have the same answers, and purge them together",
  async () => {
    await using origin = new Counter();
    await using server = await RedisServer.start();
    await using one = start(origin, {}, server.url);
    await using two = start(origin, {}, server.url);
    assert.equal(await get(one, "/a/1"), "1");
    await eventually(
      async () => (await server.keys()).some((key) => key.includes(":answers:")),
      "the answer in the store",
    );
    assert.equal(await get(two, "/a/1"), "1");
    assert.equal(two.gateway.caches()[0].entries, 1);
    const { removed, failures } = await one.gateway.purge({ target: { tag: "t" }, soft: false });
    assert.deepEqual([removed, failures], [1, []]);
    await until(() => two.gateway.caches()[0].entries === 0);
    assert.deepEqual([await get(two, "/a/1"), one.gateway.caches()[0].entries], ["2", 0]);
    await server.kill();
    const failed = await one.gateway.purge({ target: { all: true }, soft: false });
    assert.deepEqual(failed.failures.length, 2);
    assert.match(failed.failures[0], /^one: store "shared \(answers\)"/);
  },
);
