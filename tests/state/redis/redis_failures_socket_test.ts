import { strict as assert } from "node:assert";
import { ruleOf } from "../../../src/core/limit.ts";
import type { Limiter } from "../../../src/core/store.ts";
import { tokenBucket } from "../../../src/policies/traffic/algorithms/token_bucket.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { eventually, RedisServer } from "../../support/redis_server.ts";
import { requires } from "../../support/requires.ts";
import { steadyPort } from "../../support/steady_port.ts";
import { turn } from "../../support/turn.ts";
import { passUntil, until } from "../../support/until.ts";
import { TestStore } from "./open_redis.ts";

const redis = requires("redis-server");
const rule = ruleOf({ limit: 3, per: 3_600_000 });
const AWAY = "warn: the store does not answer", BACK = "info: the store answers again";

function limiterOf(store: TestStore): Limiter {
  return store.limiter({ id: "a", algorithms: [tokenBucket] });
}

/** What came of a request: whether it passed, or the store's own words. */
async function outcome(limiter: Limiter): Promise<boolean | string> {
  try {
    return (await limiter.take(["k"], [rule], 1))[0].admitted;
  } catch (error) {
    assert.equal((error as Error).name, "StoreError");
    return (error as Error).message;
  }
}

/** Requests come until one is decided. */
function answered(limiter: Limiter): Promise<void> {
  return eventually(async () => typeof await outcome(limiter) === "boolean", "a decision");
}

/** Time passes until it is done. */
async function passing(clock: FakeClock, done: Promise<void>): Promise<void> {
  await passUntil(clock, done, 10);
  await done;
}

Deno.test("a Redis that is not there fails at once, and the log says so once", async () => {
  const clock = new FakeClock(), port = steadyPort();
  await using store = new TestStore(`redis://127.0.0.1:${port}`, { clock });
  const limiter = limiterOf(store);
  const first = await outcome(limiter);
  assert.match(`${first}`, /^store "test" is not connected: connect ECONNREFUSED/);
  for (let i = 0; i < 3; i++) {
    await clock.untilPending(1);
    clock.advance(clock.untilNext!);
    assert.match(`${await outcome(limiter)}`, /not connected/);
  }
  assert.equal(store.log.length, 1);
  assert.match(store.log[0], /^warn: the store does not answer: connect ECONNREFUSED/);
});

redis.test("the first requests wait for the first connection", async () => {
  await using server = await RedisServer.start();
  await using store = new TestStore(server.url, { settings: { timeout: "10s" } });
  const limiter = limiterOf(store);
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => outcome(limiter)));
  assert.deepEqual(outcomes, [true, true, true, false]);
});

redis.test("a Redis that dies fails what it was asked at once; back without its data, it counts anew", async () => {
  await using server = await RedisServer.start();
  const clock = new FakeClock();
  await using store = new TestStore(server.url, { clock });
  const limiter = limiterOf(store);
  for (const passes of [true, true, true, false]) assert.equal(await outcome(limiter), passes);
  server.pause();
  const pending = outcome(limiter);
  await server.kill();
  assert.notEqual(typeof await pending, "boolean", "it did not wait for its time to be over: no time passed");
  await until(() => store.log.length === 1);
  assert.match(`${await outcome(limiter)}`, /not connected/);
  await server.restart();
  await passing(clock, until(() => store.log.length === 2));
  for (const passes of [true, true, true, false]) {
    assert.equal(await outcome(limiter), passes, "at most twice the limit");
  }
  assert.deepEqual([store.log.length, store.log[0].slice(0, AWAY.length), store.log[1]], [2, AWAY, BACK]);
});

redis.test("a Redis that hangs costs each request its time-out, until the breaker opens; then nothing", async () => {
  await using server = await RedisServer.start();
  const clock = new FakeClock();
  await using store = new TestStore(server.url, { clock, settings: { breaker: { failures: 3, openFor: "1s" } } });
  const limiter = limiterOf(store);
  assert.equal(await outcome(limiter), true);
  server.pause();
  const pending = Promise.all([1, 2, 3, 4, 5].map(() => outcome(limiter)));
  await clock.pass(50);
  assert.deepEqual(store.log, []);
  await clock.pass(1);
  const outcomes = await pending;
  assert.deepEqual(outcomes.slice(0, 3), Array(3).fill('store "test": no answer within 50ms'));
  assert.ok(outcomes.every((outcome) => typeof outcome === "string"), "the others do not wait any longer");
  assert.deepEqual(store.log, [`${AWAY}: no answer within 50ms`]);
  for (let i = 0; i < 100; i++) assert.match(`${await outcome(limiter)}`, /not connected: no answer within 50ms/);
  await clock.pass(50);
  assert.ok(clock.pending <= 2, "nothing piles up");
  server.resume();
  await passing(clock, answered(limiter));
  assert.deepEqual(store.log.slice(1), [BACK]);
});

redis.test("a Redis that is silent from the start costs only the first requests their time-out", async () => {
  await using server = await RedisServer.start();
  server.pause();
  const clock = new FakeClock();
  await using store = new TestStore(server.url, { clock });
  const limiter = limiterOf(store), first = Promise.all([outcome(limiter), outcome(limiter)]);
  await clock.pass(51);
  const told = 'store "test" is not connected: not connected yet';
  assert.deepEqual(await first, [told, told]);
  const atOnce = await Promise.race([outcome(limiter), turn().then(() => "it waits")]);
  assert.equal(atOnce, told);
  server.resume();
  await passing(clock, answered(limiter));
});

Deno.test("the wait for the connection and the wait for the answer are one", async () => {
  const clock = new FakeClock(), open = Promise.withResolvers<void>(), asked = Promise.withResolvers<void>();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  // It says yes to what a connection begins with, when it may, and nothing to a script.
  const served = (async () => {
    using connection = await listener.accept();
    const bytes = new Uint8Array(4096);
    for (let size = await connection.read(bytes); size !== null; size = await connection.read(bytes)) {
      const said = new TextDecoder().decode(bytes.subarray(0, size));
      if (/evalsha/i.test(said)) break;
      await open.promise;
      await connection.write(new TextEncoder().encode("+OK\r\n".repeat(said.match(/^\*\d+/gm)!.length)));
    }
    asked.resolve();
    await connection.read(bytes);
  })();
  {
    await using store = new TestStore(`redis://127.0.0.1:${listener.addr.port}`, {
      clock,
      settings: { breaker: { failures: 1 } },
    });
    const limiter = limiterOf(store), pending = outcome(limiter);
    await clock.pass(40);
    open.resolve();
    await asked.promise;
    await clock.pass(10);
    await clock.pass(1);
    const told = await Promise.race([pending, turn().then(() => "it waits")]);
    assert.equal(told, 'store "test": no answer within 50ms');
    assert.deepEqual(store.log, [], "ten milliseconds say nothing of Redis");
  }
  await served;
});

redis.test("an answer that came in time counts, though this process was too busy to read it", async () => {
  await using server = await RedisServer.start();
  const clock = new FakeClock();
  await using store = new TestStore(server.url, { clock });
  const limiter = limiterOf(store);
  assert.equal(await outcome(limiter), true);
  server.pause();
  const pending = outcome(limiter);
  await turn();
  server.resume();
  // Another process asks after it, while this one stands still: when it has its answer, so have we.
  const ask = `const it = await Deno.connect({ hostname: "127.0.0.1", port: ${server.port} });
    await it.write(new TextEncoder().encode("PING\\r\\n")); await it.read(new Uint8Array(9));`;
  new Deno.Command(Deno.execPath(), { args: ["eval", ask] }).outputSync();
  clock.advance(50);
  assert.equal(await pending, true);
});

redis.test("a connection that works again is not used before one request has tried it", async () => {
  await using server = await RedisServer.start();
  const clock = new FakeClock();
  await using store = new TestStore(server.url, { clock, settings: { breaker: { failures: 1, openFor: "10s" } } });
  const limiter = limiterOf(store);
  assert.equal(await outcome(limiter), true);
  server.pause();
  const pending = outcome(limiter);
  await clock.pass(51);
  await pending;
  server.resume();
  const alone = /failed several times and is left alone/;
  await passing(clock, eventually(async () => alone.test(`${await outcome(limiter)}`), "a connection"));
  assert.equal(store.log.length, 1, "connected, but not back");
  await clock.pass(10_000);
  const [trial, other] = await Promise.all([outcome(limiter), outcome(limiter)]);
  assert.equal(typeof trial, "boolean");
  assert.match(`${other}`, alone);
  assert.deepEqual(store.log.slice(1), [BACK]);
});

redis.test("a server that cannot be written to is no store", async () => {
  await using master = await RedisServer.start();
  await using server = await RedisServer.start();
  const clock = new FakeClock();
  await using store = new TestStore(server.url, { clock });
  const limiter = limiterOf(store);
  assert.equal(await outcome(limiter), true);
  await server.ask("REPLICAOF", "127.0.0.1", master.port);
  assert.match(`${await outcome(limiter)}`, /READONLY/);
  const refused = async () => Number(/READONLY:count=(\d+)/.exec(`${await server.ask("INFO", "errorstats")}`)?.[1]);
  await passing(clock, eventually(async () => await refused() >= 4, "three more attempts"));
  assert.equal(store.log.length, 1);
  await server.ask("REPLICAOF", "NO", "ONE");
  await passing(clock, until(() => store.log.length === 2));
  assert.equal(typeof await outcome(limiter), "boolean");
});

redis.test("a store that is closed leaves no connection and no timer", async () => {
  await using server = await RedisServer.start();
  const clock = new FakeClock();
  const store = new TestStore(server.url, { clock });
  const limiter = limiterOf(store);
  assert.equal(await outcome(limiter), true);
  server.pause();
  const pending = outcome(limiter);
  store.close();
  assert.notEqual(typeof await pending, "boolean");
  server.resume();
  assert.equal(clock.pending, 0);
  assert.match(`${await outcome(limiter)}`, /the store is closed/);
  assert.doesNotMatch(await server.ask("CLIENT", "LIST") as string, /name=gatewright/);
  assert.deepEqual(store.log, []);
});

redis.test("a wrong password is told without the password", async () => {
  await using server = await RedisServer.start({ password: "right" });
  const clock = new FakeClock();
  await using store = new TestStore(null, {
    clock,
    settings: { url: { env: "URL" } },
    secrets: { URL: `redis://:wrong-secret@127.0.0.1:${server.port}` },
  });
  const told = await outcome(limiterOf(store));
  assert.match(`${told}`, /WRONGPASS|NOAUTH/);
  assert.doesNotMatch(`${told} ${store.log}`, /wrong-secret/);
  await using right = new TestStore(server.url, {
    settings: { password: { env: "PASSWORD" }, timeout: "10s" },
    secrets: { PASSWORD: "right" },
  });
  assert.equal(await outcome(limiterOf(right)), true);
});

redis.test("a node of a cluster that is taken for a server says how it is reached", async () => {
  await using node = await RedisServer.start({
    args: ["--cluster-enabled", "yes", "--cluster-port", `${steadyPort()}`],
  });
  await using store = new TestStore(node.url, { settings: { timeout: "10s" } });
  const told = await outcome(limiterOf(store));
  assert.match(
    `${told}`,
    /CLUSTERDOWN .* \(this is a node of a cluster, for which redis\(\) has "cluster" in place of/,
  );
});

redis.test("a user needs no more rights than the documentation says", async () => {
  await using server = await RedisServer.start();
  const rights = ["~gatewright:*", "+set", "+get", "+del", "+eval", "+evalsha", "+time"];
  await server.ask("ACL", "SETUSER", "gate", "on", ">word", ...rights);
  const access = { username: "gate", password: { env: "PASSWORD" }, timeout: "10s" };
  await using store = new TestStore(server.url, { settings: access, secrets: { PASSWORD: "word" } });
  const limiter = limiterOf(store);
  for (const passes of [true, true, true, false]) assert.equal(await outcome(limiter), passes);
  await limiter.charge(["k"], [rule], -3);
  assert.equal(await outcome(limiter), true);
});

redis.test("a Redis that keeps all it says admits no more than the limit, whenever it is killed", async () => {
  await using server = await RedisServer.start({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
  await using store = new TestStore(server.url, { settings: { timeout: "10s", breaker: { failures: 1000 } } });
  const limiter = limiterOf(store), wide = ruleOf({ limit: 600, per: 3_600_000_000 });
  let admitted = 0, refused = 0, failed = 0;
  const client = async () => {
    while (refused === 0) {
      try {
        if ((await limiter.take(["k"], [wide], 1))[0].admitted) admitted++;
        else refused++;
      } catch {
        failed++;
        await turn();
      }
    }
  };
  const clients = Promise.all(Array.from({ length: 16 }, client));
  for (const some of [100, 300]) {
    await until(() => admitted >= some);
    await server.restart();
  }
  await clients;
  assert.ok(failed > 0, "it was killed under load");
  assert.ok(admitted >= 400 && admitted <= 600, `${admitted}`);
});
