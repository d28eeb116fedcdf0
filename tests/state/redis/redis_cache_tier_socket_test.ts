import { strict as assert } from "node:assert";
import type { CacheTier, TierWrite } from "../../../src/core/cache_tier.ts";
import type { Purge, PurgeTarget } from "../../../src/core/purge.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { silentLog } from "../../../src/core/log.ts";
import type { StoreEnv } from "../../../src/core/store.ts";
import { RedisCalls } from "../../../src/state/redis/redis_calls.ts";
import { redisSchema } from "../../../src/state/redis/redis_schema.ts";
import { scriptOf } from "../../../src/state/redis/script.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { eventually, RedisServer } from "../../support/redis_server.ts";
import { RedisCluster } from "../../support/redis_cluster.ts";
import { requires } from "../../support/requires.ts";
import { passUntil, until } from "../../support/until.ts";
import { TestStore } from "./open_redis.ts";

const redis = requires("redis-server");
const patient = { timeout: "10s" };
const HOUR = 3_600_000;
const bytes = (text: string) => new TextEncoder().encode(text);

/** Writes `v` to the field `f`, for an hour, as the answer to a request that was made just now. */
function put(tier: CacheTier, key: string, more: Partial<TierWrite> = {}): Promise<boolean> {
  return tier.write(key, { field: "f", value: bytes("v"), ttl: HOUR, tags: [], since: 0, ...more });
}

/** What a tier has under these fields, as text. */
async function texts(tier: CacheTier, key: string, ...fields: string[]): Promise<(string | null)[]> {
  const values = await tier.read(key, fields);
  return values.map((value) => value && new TextDecoder().decode(value.bytes));
}

/** Of these keys those that have a value. */
async function kept(tier: CacheTier, keys: readonly string[]): Promise<string[]> {
  const found = await Promise.all(keys.map(async (key) => (await texts(tier, key, "f"))[0] === "v"));
  return keys.filter((_, i) => found[i]);
}

/** Waits until so many hear of purges. */
async function subscribed(servers: readonly RedisServer[], count: number): Promise<void> {
  await eventually(async () => {
    const counts = await Promise.all(servers.map((server) => server.ask("PUBSUB", "NUMSUB", "gatewright:purges")));
    return counts.map((answer) => Number((answer as unknown[])[1])).reduce((sum, n) => sum + n, 0) === count;
  }, "subscriptions");
}

function hard(target: PurgeTarget): Purge {
  return { target, soft: false };
}

redis.test("a tier gives the bytes that were written, by field, to whoever has the same id", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  await using other = new TestStore(server.url, { settings: patient });
  const tier = store.cacheTier({ id: "a" }),
    same = other.cacheTier({ id: "a" }),
    stranger = other.cacheTier({ id: "b" });
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  await put(tier, "https://h/ü?1", { value: all });
  await put(tier, "https://h/ü?1", { field: "", value: bytes("") });
  const [f, none, empty] = await same.read("https://h/ü?1", ["f", "g", ""]);
  assert.deepEqual([[...f!.bytes], f!.stale, none, empty!.bytes.length], [[...all], null, null, 0]);
  assert.ok(f!.age >= 0 && f!.age < 10_000);
  assert.deepEqual(await stranger.read("https://h/ü?1", ["f"]), [null]);
  assert.deepEqual(await tier.read("https://h/other", ["f"]), [null]);
  await put(same, "https://h/ü?1", { field: "g", value: bytes("2") });
  await put(same, "https://h/ü?1", { field: "", value: bytes("3") });
  assert.deepEqual(await texts(tier, "https://h/ü?1", "g", "", "f"), ["2", "3", new TextDecoder().decode(all)]);
});

redis.test("a tier shows nobody what its fields and tags are", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  await put(store.cacheTier({ id: "a" }), "https://h/", { field: "cookie: secret", tags: ["secret-tag"] });
  for (const key of (await server.keys()).filter((key) => key.includes("answers"))) {
    const isIndex = await server.ask("TYPE", key) === "zset";
    const all = isIndex ? await server.ask("ZRANGE", key, 0, -1) : await server.ask("HGETALL", key);
    assert.doesNotMatch(`${all}`, /secret/);
  }
});

redis.test("a key is kept for the longest time that any of its values needs, and the index for longer", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  const tier = store.cacheTier({ id: "a" });
  await put(tier, "https://h/", { ttl: 5000.5 });
  await put(tier, "https://h/", { field: "g", ttl: 1000 });
  const [index, data] = (await server.keys()).filter((key) => key.includes("answers"));
  const ttl = await server.ask("PTTL", data) as number, ofIndex = await server.ask("PTTL", index) as number;
  assert.ok(ttl > 1000 && ttl <= 5001, `${ttl}`);
  assert.ok(ofIndex > ttl, `${ofIndex}`);
  await put(tier, "https://h/", { field: "g", ttl: Infinity });
  assert.ok(await server.ask("PTTL", data) as number > 300 * 24 * HOUR);
});

const KEYS = [
  "https://a.example/x",
  "https://a.example/x?q",
  "https://a.example/xy",
  "https://b.example/x",
  "http://a.example/x",
  "https://a.example/z",
];
/** What each kind of purge takes out, besides which nothing goes. */
const PURGES: readonly [PurgeTarget, readonly number[]][] = [
  [{ url: KEYS[0] }, [0]],
  [{ url: "https://none.example/x" }, []],
  [{ url: "/x" }, [0, 3, 4]],
  [{ url: "/x?q" }, [1]],
  [{ prefix: "/x" }, [0, 1, 2, 3, 4]],
  [{ prefix: "https://a.example/x" }, [0, 1, 2]],
  [{ prefix: "https://a" }, [0, 1, 2, 5]],
  [{ prefix: "/nothing" }, []],
  [{ tag: "even" }, [0, 2, 4]],
  [{ tag: "eve" }, []],
  [{ all: true }, [0, 1, 2, 3, 4, 5]],
];

async function fill(tier: CacheTier): Promise<void> {
  await Promise.all(
    KEYS.map((key, i) => put(tier, key, { tags: ["any", i % 2 === 0 ? "even" : "odd"] })),
  );
}

async function checkPurges(open: (i: number) => CacheTier): Promise<void> {
  for (const [i, [target, taken]] of PURGES.entries()) {
    const tier = open(i), label = JSON.stringify(target);
    await fill(tier);
    assert.equal(await tier.purge({ target, soft: true }), taken.length, label);
    const ages = await Promise.all(KEYS.map(async (key) => (await tier.read(key, ["f"]))[0]!.stale !== null));
    assert.deepEqual(ages, KEYS.map((_, i) => taken.includes(i)), `${label} softly`);
    assert.equal(await tier.purge(hard(target)), taken.length, label);
    assert.deepEqual(await kept(tier, KEYS), KEYS.filter((_, i) => !taken.includes(i)), label);
    assert.equal(await tier.purge(hard({ tag: "any" })), KEYS.length - taken.length, label);
  }
}

redis.test("a purge takes out what it names and nothing else; a soft one says how long ago it was", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  await checkPurges((i) => store.cacheTier({ id: `${i}` }));
  const tier = store.cacheTier({ id: "soft" });
  for (const target of [{ url: KEYS[0] }, { all: true }] as const) {
    await fill(tier);
    await tier.purge({ target, soft: true });
    const before = Number((await server.ask("TIME") as string[])[0]);
    await eventually(async () => Number((await server.ask("TIME") as string[])[0]) > before, "another second");
    await put(tier, KEYS[0], { field: "g", value: bytes("new") });
    const [old, fresh] = await tier.read(KEYS[0], ["f", "g"]);
    assert.ok(old!.stale! > 0 && old!.stale! <= old!.age, `${old!.stale} ${old!.age}`);
    assert.equal(fresh!.stale, null, "what was written after it is not meant");
  }
});

redis.test("a purge of thousands asks in parts, and finds all of them", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  const tier = store.cacheTier({ id: "a" }), keys = Array.from({ length: 1200 }, (_, i) => `https://h/${i}`);
  const fillAll = () => Promise.all(keys.map((key) => put(tier, key, { tags: ["t"] })));
  await fillAll();
  assert.equal(await tier.purge({ target: { tag: "t" }, soft: true }), 1200);
  assert.equal(await tier.purge(hard({ tag: "t" })), 1200);
  await fillAll();
  assert.equal(await tier.purge(hard({ prefix: "/1" })), 1 + 10 + 100 + 200);
  assert.equal(await tier.purge(hard({ prefix: "https://h" })), 889);
  assert.deepEqual(await kept(tier, keys), []);
});

redis.test("a tag that none of a key's values carries any more does not take it out", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  const tier = store.cacheTier({ id: "a" }), key = "https://h/";
  await put(tier, key, { tags: ["old", "both"] });
  await put(tier, key, { field: "g", tags: ["both", "g"] });
  await put(tier, key, { tags: ["new"] });
  assert.equal(await tier.purge({ target: { tag: "old" }, soft: true }), 0);
  for (const tag of ["both", "g", "new"]) assert.equal(await tier.purge({ target: { tag }, soft: true }), 1, tag);
});

redis.test("without its index, which Redis may evict, a cache has nothing that a purge could not find", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  const tier = store.cacheTier({ id: "a" });
  await fill(tier);
  await server.ask("DEL", (await server.keys()).find((key) => key.endsWith(":answers"))!);
  assert.deepEqual(await kept(tier, KEYS), []);
  await put(tier, KEYS[0], { field: "g" });
  assert.deepEqual(await texts(tier, KEYS[0], "f", "g"), [null, "v"]);
  assert.deepEqual(await kept(tier, KEYS), []);
});

redis.test("the index forgets answers that are no more, and a URL has no more than a hundred variants", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  const tier = store.cacheTier({ id: "a" });
  for (let round = 0; round < 8; round++) {
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => put(tier, `https://h/${round}/${i}`, { ttl: 1, tags: ["t"] })),
    );
    await eventually(async () => (await server.keys()).every((key) => !key.includes("answers:")), "their end");
  }
  const [index] = (await server.keys()).filter((key) => key.endsWith(":answers"));
  const lines = await server.ask("ZCARD", index) as number;
  assert.ok(lines < 600, `${lines} of 1600`);
  for (let i = 0; i < 400; i++) await put(tier, "https://h/", { field: `${i}` });
  const data = (await server.keys()).find((key) => key.includes("answers:"))!;
  assert.ok(await server.ask("HLEN", data) as number <= 304);
  assert.deepEqual(await texts(tier, "https://h/", "399", "0"), ["v", null]);
});

redis.test("what was asked for before a purge that may have meant it is not written after it", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  for (const [i, [target, taken]] of PURGES.entries()) {
    for (const soft of [false, true]) {
      const tier = store.cacheTier({ id: `${i} ${soft}` }), label = JSON.stringify({ target, soft });
      await tier.purge({ target, soft });
      const written = await Promise.all(KEYS.map((key) => put(tier, key, { since: 5000 })));
      for (const at of taken) assert.equal(written[at], false, `${label} ${KEYS[at]}`);
      if ("url" in target) assert.ok(written.includes(true), `${label} keeps nobody else from writing`);
      assert.deepEqual(await kept(tier, KEYS), KEYS.filter((_, at) => written[at]), label);
      await Promise.all(KEYS.map(async (key) => assert.ok(await put(tier, key), label)));
      assert.deepEqual(await kept(tier, KEYS), KEYS);
    }
  }
  const tier = store.cacheTier({ id: "slow" });
  assert.equal(await put(tier, KEYS[0], { since: 60_000 }), false, "so long is no purge remembered");
  assert.equal(await put(tier, KEYS[0], { since: 59_000 }), true);
});

redis.test("a purge of everything leaves nothing in Redis, and what it could not reach goes with later writes", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: patient });
  const tier = store.cacheTier({ id: "a" }), keys = Array.from({ length: 1200 }, (_, i) => `https://h/${i}`);
  const answers = async () => (await server.keys()).filter((key) => key.includes(":answers:")).length;
  await Promise.all(keys.map((key) => put(tier, key, { tags: ["t"] })));
  const index = (await server.keys()).find((key) => key.endsWith(":answers"))!;
  await server.ask("EVAL", String.raw`redis.call('ZADD', KEYS[1], 7, '\255g')`, 1, index);
  assert.deepEqual(await kept(tier, keys), [], "of another generation");
  for (let i = 0; i < 600; i++) await put(tier, "https://h/new", { field: `${i % 9}` });
  assert.ok(await answers() < 700, `${await answers()}`);
  await put(tier, "https://h/new");
  await tier.purge(hard({ all: true }));
  assert.equal(await answers(), 0);
  assert.equal(await server.ask("ZCARD", index), 2, "the generation, and when it began");
});

redis.test("lines are put first by all who write at once, so that none is lost, and the last ones stay", async () => {
  await using server = await RedisServer.start();
  await using one = new TestStore(server.url, { settings: patient });
  await using two = new TestStore(server.url, { settings: patient });
  const [tier, other] = [one, two].map((store) => store.cacheTier({ id: "a" }));
  await Promise.all([
    put(tier, "https://h/", { field: "a", first: ["lists", "a"] }),
    put(other, "https://h/", { field: "b", first: ["lists", "b"] }),
  ]);
  assert.deepEqual((await texts(tier, "https://h/", "lists"))[0]!.split("\n").sort(), ["a", "b"]);
  for (const line of ["b", "c", "d", "c", "e", "f,g"]) await put(tier, "https://h/", { first: ["lists", line] });
  assert.deepEqual(await texts(tier, "https://h/", "lists", "a"), ["f,g\ne\nc\nd", "v"]);
});

redis.test("nothing is asked before purges are heard, or cannot be", async () => {
  await using server = await RedisServer.start();
  const { promise, resolve } = Promise.withResolvers<void>(), order: string[] = [];
  const plan = redisSchema.parse({ url: server.url, ...patient });
  const env = { clock: systemClock, random: () => 0.5, log: silentLog, secrets: () => ({ error: "none" }) };
  const calls = new RedisCalls(plan, env as unknown as StoreEnv, "test", promise);
  const asked = calls.run(scriptOf("return 'answer'"), ["k"], []).then((answer) => order.push(answer));
  await eventually(async () => `${await server.ask("CLIENT", "LIST")}`.includes("name=gatewright"), "the connection");
  for (let i = 0; i < 5; i++) await server.ask("TIME");
  order.push("heard");
  resolve();
  await asked;
  assert.deepEqual(order, ["heard", "answer"]);
  calls.close();
});

redis.test("where purges are not heard at first, answers are kept all the same, and in doubt once they are heard", async () => {
  await using server = await RedisServer.start();
  const clock = new FakeClock(), told: unknown[] = [];
  await server.ask("ACL", "SETUSER", "default", "-subscribe");
  await using store = new TestStore(server.url, { clock });
  const tier = store.cacheTier({ id: "a" });
  tier.onPurge((order) => told.push(order));
  assert.equal(await put(tier, KEYS[0]), true);
  assert.match(store.log[0], /^warn: purges of other gateways are not heard/);
  await server.ask("ACL", "SETUSER", "default", "+subscribe");
  const heard = until(() => told.length === 1);
  await passUntil(clock, heard, 50);
  await heard;
  assert.deepEqual(told, [null]);
});

redis.test("others with the same id hear of a purge, once it is done; who has ordered it does not", async () => {
  await using server = await RedisServer.start();
  await using one = new TestStore(server.url, { settings: patient });
  await using two = new TestStore(server.url, { settings: patient });
  const told: unknown[] = [], own: unknown[] = [], strange: unknown[] = [];
  const tier = one.cacheTier({ id: "a" }), other = two.cacheTier({ id: "a" });
  tier.onPurge((order) => own.push(order));
  two.cacheTier({ id: "b" }).onPurge((order) => strange.push(order));
  const end = other.onPurge((order) => told.push(order));
  await subscribed([server], 2);
  const orders = [...PURGES.map(([target]) => hard(target)), { target: { tag: "ü" }, soft: true }];
  for (const order of orders) await tier.purge(order);
  await until(() => told.length >= orders.length);
  assert.deepEqual(told, orders);
  assert.deepEqual([own, strange], [[], []]);
  end();
  other.onPurge((order) => strange.push(order));
  other.close();
  await tier.purge(hard({ all: true }));
  const last = Promise.withResolvers<void>();
  two.cacheTier({ id: "a" }).onPurge(() => last.resolve());
  await tier.purge(hard({ all: true }));
  await last.promise;
  assert.deepEqual([told.length, strange.length], [orders.length, 0]);
});

redis.test("after a connection is lost, or hangs, listeners hear that they may have missed something", async () => {
  await using server = await RedisServer.start();
  const clock = new FakeClock();
  await using store = new TestStore(server.url, { clock });
  const told: unknown[] = [], tier = store.cacheTier({ id: "a" });
  tier.onPurge((order) => told.push(order));
  await subscribed([server], 1);
  assert.deepEqual(told, []);
  await server.restart();
  const again = until(() => told.length === 1);
  await passUntil(clock, again, 50);
  await again;
  assert.deepEqual(told, [null]);
  const deaf = () => store.log.filter((line) => line.startsWith("warn: purges of other gateways are not heard"));
  assert.equal(deaf().length, 1);
  await until(() => store.log.includes("info: purges of other gateways are heard again"));
  server.pause();
  const noticed = until(() => deaf().length === 2);
  await passUntil(clock, noticed, 500);
  await noticed;
  assert.equal(deaf()[1], "warn: purges of other gateways are not heard: no answer to a ping");
  server.resume();
  const second = until(() => told.length === 2);
  await passUntil(clock, second, 50);
  await second;
});

redis.test("where the first connection fails, listeners hear that they may have missed something", async () => {
  await using server = await RedisServer.start();
  await server.kill();
  const clock = new FakeClock();
  await using store = new TestStore(server.url, { clock });
  const told: unknown[] = [];
  store.cacheTier({ id: "a" }).onPurge((order) => told.push(order));
  await until(() => store.log.some((line) => line.startsWith("warn: purges of other gateways are not heard")));
  await server.restart();
  const heard = until(() => told.length === 1);
  await passUntil(clock, heard, 50);
  await heard;
  assert.deepEqual(told, [null]);
});

redis.test("a Redis that hangs costs a reader the time-out, then nothing; the limits' connection is another", async () => {
  await using server = await RedisServer.start();
  const clock = new FakeClock();
  await using store = new TestStore(server.url, { clock, settings: { breaker: { failures: 2, openFor: "1s" } } });
  const tier = store.cacheTier({ id: "a" });
  const outcome = (work: Promise<unknown>) =>
    work.then(() => "done", (error: Error) => `${error.name}: ${error.message}`);
  assert.equal(await outcome(tier.read("https://h/", ["f"])), "done");
  server.pause();
  const late = tier.deadline(), pending = Promise.all([1, 2].map(() => outcome(tier.read("https://h/", ["f"], late))));
  await clock.pass(51);
  const told = 'StoreError: store "test (answers)": no answer within 50ms';
  assert.deepEqual(await pending, [told, told]);
  for (
    const work of [
      tier.read("https://h/", ["f"]),
      put(tier, "https://h/"),
      tier.purge(hard({ all: true })),
    ]
  ) assert.match(await outcome(work), /^StoreError: store "test \(answers\)" is not connected/);
  server.resume();
});

redis.test("a cache needs no more rights than the documentation says", async () => {
  await using server = await RedisServer.start();
  const documented = await Deno.readTextFile(new URL("../../../src/state/redis.ts", import.meta.url));
  const rights = [...documented.split("Caches need")[1].split("*/")[0].matchAll(/[+&][a-z:*]+/g)].map(([right]) =>
    right
  );
  await server.ask(
    "ACL",
    "SETUSER",
    "gate",
    "on",
    ">word",
    "resetchannels",
    "~gatewright:*",
    ...rights,
    "+set",
    "+get",
    "+eval",
    "+evalsha",
    "+time",
  );
  const access = { username: "gate", password: { env: "PASSWORD" }, ...patient };
  await using store = new TestStore(server.url, { settings: access, secrets: { PASSWORD: "word" } });
  store.cacheTier({ id: "a" }).onPurge(() => {});
  await subscribed([server], 1);
  await checkPurges((i) => store.cacheTier({ id: `${i}` }));
  const tier = store.cacheTier({ id: "a" });
  await put(tier, "https://h/", { tags: ["old"] });
  await put(tier, "https://h/", { tags: ["new"], first: ["l", "a"] });
  assert.deepEqual(store.log, []);
});

redis.test("a cluster keeps answers, purges and tells as a server does", async () => {
  await using cluster = await RedisCluster.start();
  const settings = { cluster: cluster.urls, ...patient };
  await using store = new TestStore(null, { settings });
  await using other = new TestStore(null, { settings });
  const told: unknown[] = [];
  other.cacheTier({ id: "0" }).onPurge((order) => told.push(order));
  await subscribed(cluster.nodes, 1);
  await checkPurges((i) => store.cacheTier({ id: `${i}` }));
  await until(() => told.length >= 3);
  assert.deepEqual(told.slice(0, 2), [{ target: PURGES[0][0], soft: true }, hard(PURGES[0][0])]);
  const tier = store.cacheTier({ id: "spread" });
  await Promise.all(
    Array.from({ length: 60 }, (_, i) => put(tier, `https://h/${i}`, { tags: ["t"] })),
  );
  for (const node of cluster.nodes) assert.ok((await node.keys()).some((key) => key.includes(":spread:answers:")));
  assert.equal(await tier.purge(hard({ tag: "t" })), 60);
});
