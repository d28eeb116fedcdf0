import { strict as assert } from "node:assert";
import type { Clock } from "../../../src/core/clock.ts";
import { ruleOf } from "../../../src/core/limit.ts";
import { fixedWindow } from "../../../src/policies/traffic/algorithms/fixed_window.ts";
import { slidingWindow } from "../../../src/policies/traffic/algorithms/sliding_window.ts";
import { tokenBucket } from "../../../src/policies/traffic/algorithms/token_bucket.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { requires } from "../../support/requires.ts";
import { MODELLED } from "../limit_models.ts";
import { TestStore } from "./open_redis.ts";

const redis = requires("redis-server");
const patient = { timeout: "10s" };

/** `n` requests together; how many were admitted. */
async function admitted(takes: Promise<readonly { readonly admitted: boolean }[]>[]): Promise<number> {
  return (await Promise.all(takes)).filter((verdicts) => verdicts.every(({ admitted }) => admitted)).length;
}

redis.test("three gateways together admit the limit and not one more, whatever the algorithm", async () => {
  await using server = await RedisServer.start();
  await using one = new TestStore(server.url, { settings: patient });
  await using two = new TestStore(server.url, { settings: patient });
  await using three = new TestStore(server.url, { settings: patient });
  for (const { algorithm } of MODELLED) {
    const init = { id: "a", algorithms: [algorithm] },
      rule = ruleOf({ limit: 100, per: 3_600_000, maxDelay: 3_564_000 });
    const limiters = [one, two, three].map((store) => store.limiter(init));
    const takes = Array.from({ length: 600 }, async (_, i) => await limiters[i % 3].take(["k"], [rule], 1));
    assert.equal(await admitted(takes), 100, algorithm.name);
  }
});

redis.test("gateways whose clocks are hours apart agree: the time is the server's", async () => {
  await using server = await RedisServer.start();
  const clocks = [0, 7.2e6].map((now) => new FakeClock({ now, wall: Date.UTC(2026, 0, 1) + now }));
  await using early = new TestStore(server.url, { clock: clocks[0] });
  await using late = new TestStore(server.url, { clock: clocks[1] });
  const init = { id: "a", algorithms: [fixedWindow] }, rule = ruleOf({ limit: 2, per: 60_000 });
  const [first] = await early.limiter(init).take(["k"], [rule], 1),
    [second] = await late.limiter(init).take(["k"], [rule], 1);
  assert.deepEqual([first.remaining, first.resetAfter, second.remaining], [1, 60e6, 0]);
  assert.ok(second.resetAfter > 50e6 && second.resetAfter < 60e6, `${second.resetAfter}`);
  assert.equal((await early.limiter(init).take(["k"], [rule], 1))[0].admitted, false);
});

redis.test("a clock that goes back neither forgets what was counted nor refuses for longer", async () => {
  await using server = await RedisServer.start();
  const hour = 3_600_000;
  for (const { algorithm } of MODELLED) {
    const clock = new FakeClock({ now: 10 * hour }), behind = new FakeClock({ now: 9 * hour });
    let current = clock;
    const time = { ...clock, now: () => current.now() } as Clock;
    await using store = new TestStore(server.url, { time, settings: patient });
    const limiter = store.limiter({ id: "back", algorithms: [algorithm] });
    const rule = ruleOf({ limit: 10, per: 10_000, maxDelay: 9000 });
    const left = async () => (await limiter.take(["k"], [rule], 0))[0].remaining;
    for (let i = 0; i < 10; i++) assert.equal((await limiter.take(["k"], [rule], 1))[0].admitted, true);
    const [before] = await limiter.take(["k"], [rule], 1);
    current = behind;
    const [after] = await limiter.take(["k"], [rule], 1);
    assert.deepEqual(after, before, `${algorithm.name}: as if no time had passed`);
    behind.advance(after.retryAfter / 1000 + 0.001);
    assert.equal((await limiter.take(["k"], [rule], 1))[0].admitted, true, `${algorithm.name}: time goes on`);
    behind.advance(20_000);
    assert.equal(await left(), 10, algorithm.name);
    current = clock;
    await limiter.charge(["k"], [rule], 3);
    current = behind;
    await limiter.charge(["k"], [rule], -2);
    assert.equal(await left(), 9, `${algorithm.name}: what is charged and given back`);
  }
});

redis.test("keeps a key in milliseconds for as long as it matters, and none that does not", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  const cases = [
    { algorithm: tokenBucket, cost: 3, keeps: 3 * 600 },
    { algorithm: fixedWindow, cost: 3, keeps: 6000 },
    { algorithm: slidingWindow, cost: 3, keeps: 12_000 },
  ];
  for (const { algorithm, cost, keeps } of cases) {
    const limiter = store.limiter({ id: "a", algorithms: [algorithm] }), rule = ruleOf({ limit: 10, per: 6000 });
    await limiter.take(["asked"], [rule], 0);
    const before = await server.keys();
    await limiter.take(["k"], [rule], cost);
    const [key] = (await server.keys()).filter((key) => !before.includes(key));
    const ttl = await server.ask("PTTL", key) as number;
    assert.ok(ttl > keeps - 1500 && ttl <= keeps + 1, `${algorithm.name}: ${ttl}`);
  }
  const limiter = store.limiter({ id: "b", algorithms: [tokenBucket] }), rule = ruleOf({ limit: 10, per: 60_000 });
  await limiter.take(["k"], [rule], 3);
  assert.equal((await server.keys()).filter((key) => key.includes(":b#")).length, 1);
  await limiter.charge(["k"], [rule], -3);
  assert.equal((await server.keys()).filter((key) => key.includes(":b#")).length, 0, "given back whole");
});

redis.test("stores hashes of what limits count by, and nothing else of it", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: { prefix: "gw:" } });
  const limiter = store.limiter({ id: "routes/{id}/rateLimit", algorithms: [tokenBucket, fixedWindow] });
  const rule = ruleOf({ limit: 10, per: 60_000 });
  await limiter.take(["198.51.100.7", "198.51.100.7"], [rule, rule], 1);
  await limiter.take(["alice@example.com", "198.51.100.7"], [rule, rule], 1);
  const keys = (await server.keys()).filter((key) => key !== "gw:check");
  const shape = /^gw:\{([A-Za-z0-9_-]{22})\}:routes\/\{id\}\/rateLimit#([01]):(token-bucket|fixed-window)$/;
  const parts = keys.map((key) => shape.exec(key)?.slice(1) ?? assert.fail(key));
  assert.equal(parts.length, 3);
  assert.equal(new Set(parts.map(([hash]) => hash)).size, 2, "what counts by the same is on one node");
  for (const key of keys) assert.match(await server.ask("GET", key) as string, /^[0-9.]+( [0-9.]+)*$/);
});

redis.test("decides on when Redis has forgotten the script", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  const limiter = store.limiter({ id: "a", algorithms: [tokenBucket] }), rule = ruleOf({ limit: 20, per: 3_600_000 });
  assert.equal(await admitted([...Array(5)].map(async () => await limiter.take(["k"], [rule], 1))), 5);
  await server.ask("SCRIPT", "FLUSH");
  assert.equal(await admitted([...Array(30)].map(async () => await limiter.take(["k"], [rule], 1))), 15);
  assert.deepEqual(store.log, []);
});

redis.test("decisions that are asked for together reach Redis together", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  const limiter = store.limiter({ id: "a", algorithms: [tokenBucket] }), rule = ruleOf({ limit: 99, per: 3_600_000 });
  const reads = async () => Number(/total_reads_processed:(\d+)/.exec(`${await server.ask("INFO", "stats")}`)![1]);
  await limiter.take(["k"], [rule], 1);
  const before = await reads(), rounds = 40;
  for (let i = 0; i < rounds; i++) await Promise.all(Array.from({ length: 30 }, () => limiter.take(["k"], [rule], 1)));
  const made = await reads() - before;
  // Those of the connections that ask for the number come on top.
  assert.ok(made < 2 * rounds, `${made}`);
});

redis.test("limits of one policy that count by different keys are charged together or not at all", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  const limiter = store.limiter({ id: "a", algorithms: [tokenBucket, tokenBucket] });
  const rules = [ruleOf({ limit: 1, per: 3_600_000 }), ruleOf({ limit: 50, per: 3_600_000 })];
  const takes = Array.from({ length: 60 }, async (_, i) => await limiter.take([`user ${i % 20}`, "all"], rules, 1));
  assert.equal(await admitted(takes), 20);
  const [, all] = await limiter.take(["new", "all"], rules, 0);
  assert.equal(all.remaining, 30, "those that a user's limit refused have cost the other one nothing");
});

redis.test("a fault of an algorithm's script is told, and does not count against Redis", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: { ...patient, breaker: { failures: 1 } } });
  const rule = ruleOf({ limit: 1, per: 1000 });
  const faulty = { ...tokenBucket, lua: "{ take = function() return nil + 1 end }" };
  await assert.rejects(
    async () => await store.limiter({ id: "f", algorithms: [faulty] }).take(["k"], [rule], 1),
    { name: "StoreError", message: /^store "test": ERR .*arithmetic/ },
  );
  const [verdict] = await store.limiter({ id: "a", algorithms: [tokenBucket] }).take(["k"], [rule], 1);
  assert.equal(verdict.admitted, true);
  assert.throws(
    () => store.limiter({ id: "n", algorithms: [{ ...tokenBucket, lua: undefined }] }),
    /"token-bucket" has no lua/,
  );
});
