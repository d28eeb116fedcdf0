import { strict as assert } from "node:assert";
import fc from "fast-check";
import { gridTime, ruleOf } from "../../../src/core/limit.ts";
import type { Limiter } from "../../../src/core/store.ts";
import { tokenBucket } from "../../../src/policies/traffic/algorithms/token_bucket.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { requires } from "../../support/requires.ts";
import { type Admitted, MODELLED } from "../limit_models.ts";
import { TestStore } from "./open_redis.ts";

const redis = requires("redis-server");
const HOUR = 3_600_000, TOKENS = 4, GATEWAYS = 3;

/** Gateways of one clock, which is Redis' too. */
class Gateways implements AsyncDisposable {
  readonly clock = new FakeClock({ now: 1_000_000 });
  readonly stores: readonly TestStore[];

  private constructor(readonly server: RedisServer, tokens: number) {
    const settings = { timeout: "10s", lease: { tokens, for: "10s" } };
    this.stores = Array.from(
      { length: GATEWAYS },
      () => new TestStore(server.url, { clock: this.clock, time: this.clock, settings }),
    );
  }

  /** They are connected: the fake clock is turned only between decisions, so that no time-out comes of it. */
  static async start(server: RedisServer, tokens = TOKENS): Promise<Gateways> {
    const gateways = new Gateways(server, tokens), rule = ruleOf({ limit: 1, per: 1 });
    await Promise.all(gateways.limiters("first").map((limiter) => limiter.take(["k"], [rule], 0)));
    return gateways;
  }

  limiters(id: string, algorithms = [tokenBucket]): Limiter[] {
    return this.stores.map((store) => store.limiter({ id, algorithms }));
  }

  /** Scripts that the server has run. */
  async scripts(): Promise<number> {
    const stats = `${await this.server.ask("INFO", "commandstats")}`;
    return [...stats.matchAll(/cmdstat_evalsha?:calls=(\d+)/g)].reduce((sum, [, calls]) => sum + Number(calls), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const store of this.stores) await store[Symbol.asyncDispose]();
  }
}

async function passes(limiter: Limiter, key: string, rule: ReturnType<typeof ruleOf>, cost = 1): Promise<boolean> {
  return (await limiter.take([key], [rule], cost))[0].admitted;
}

redis.test("with leases, any window has at most the bound and what gateways held when it began", async () => {
  await using server = await RedisServer.start();
  await using gateways = await Gateways.start(server);
  const steps = fc.array(
    fc.oneof(
      { weight: 1, arbitrary: fc.record({ ms: fc.integer({ min: 0, max: 40_000 }) }) },
      {
        weight: 5,
        arbitrary: fc.record({
          gateway: fc.nat({ max: GATEWAYS - 1 }),
          cost: fc.integer({ min: 1, max: TOKENS + 1 }),
          times: fc.integer({ min: 1, max: 6 }),
        }),
      },
    ),
    { minLength: 5, maxLength: 50, size: "max" },
  );
  let made = 0;
  for (const { algorithm, bound } of MODELLED.filter(({ algorithm }) => algorithm.name !== "leaky-bucket")) {
    const limits = fc.record({ limit: fc.integer({ min: 2, max: 20 }), per: fc.integer({ min: 5000, max: 60_000 }) });
    await fc.assert(
      fc.asyncProperty(limits, steps, async (limit, steps) => {
        const rule = ruleOf(limit), limiters = gateways.limiters(`n${++made}`, [algorithm]), past: Admitted[] = [];
        for (const step of steps) {
          if ("ms" in step) {
            gateways.clock.advance(step.ms);
            continue;
          }
          const { gateway, cost, times } = step, at = gridTime(gateways.clock.now());
          const takes = Array.from({ length: times }, () => passes(limiters[gateway], "k", rule, cost));
          for (const passed of await Promise.all(takes)) if (passed) past.push({ at, cost, goesOn: at });
        }
        past.forEach((first, i) => {
          let sum = 0;
          for (const last of past.slice(i)) {
            sum += last.cost;
            const most = bound(rule, last.goesOn - first.goesOn, last.cost);
            assert.ok(most === null || sum <= most + GATEWAYS * TOKENS, `${algorithm.name}: ${sum}, not ${most}`);
          }
        });
      }),
      { numRuns: 15 },
    );
  }
});

redis.test("leases cost one script for many requests, and all that is charged can be spent", async () => {
  await using server = await RedisServer.start();
  await using gateways = await Gateways.start(server, 10);
  const [one, two, three] = gateways.limiters("a"), rule = ruleOf({ limit: 100, per: HOUR });
  const before = await gateways.scripts();
  for (let i = 0; i < 10; i++) assert.equal(await passes(one, "k", rule), true);
  assert.equal(await gateways.scripts() - before, 1);
  assert.equal(await passes(two, "k", rule), true);
  let passed = 0;
  while (await passes(three, "k", rule)) passed++;
  assert.equal(passed, 80, "the second gateway holds nine");
  for (let i = 0; i < 9; i++) assert.equal(await passes(two, "k", rule), true);
  assert.deepEqual(await Promise.all([one, two, three].map((limiter) => passes(limiter, "k", rule))), [
    false,
    false,
    false,
  ]);
});

redis.test("what grows old in a lease is given back when the next request comes", async () => {
  await using server = await RedisServer.start();
  await using gateways = await Gateways.start(server, 10);
  const [one, two] = gateways.limiters("a"), rule = ruleOf({ limit: 12, per: 1000 * HOUR });
  assert.equal(await passes(one, "k", rule), true);
  assert.equal((await two.take(["k"], [rule], 0))[0].remaining, 2);
  gateways.clock.advance(9999);
  assert.equal(await passes(one, "other", rule), true);
  assert.equal((await two.take(["k"], [rule], 0))[0].remaining, 2, "not yet");
  gateways.clock.advance(1);
  assert.equal(await passes(one, "other", rule), true);
  assert.equal((await one.take(["k"], [rule], 0))[0].remaining, 11);
});

redis.test("one request gives back few of many leases that grew old together; the next ones the others", async () => {
  await using server = await RedisServer.start();
  await using gateways = await Gateways.start(server, 10);
  const [limiter, other] = gateways.limiters("a"), rule = ruleOf({ limit: 100, per: 1000 * HOUR });
  const left = async () => {
    const all = await Promise.all(Array.from({ length: 50 }, (_, i) => other.take([`k${i}`], [rule], 0)));
    return all.filter(([{ remaining }]) => remaining === 99).length;
  };
  await Promise.all(Array.from({ length: 50 }, (_, i) => limiter.take([`k${i}`], [rule], 1)));
  assert.equal(await left(), 0);
  gateways.clock.advance(10_000);
  for (const given of [16, 32, 48, 50]) {
    await limiter.take(["another"], [rule], 11);
    assert.equal(await left(), given);
  }
});

redis.test("the end of a limit costs requests that wait for the same lease a few scripts, not one each", async () => {
  await using server = await RedisServer.start();
  await using gateways = await Gateways.start(server, 1000);
  const [limiter] = gateways.limiters("a"), rule = ruleOf({ limit: 900, per: HOUR }), before = await gateways.scripts();
  const passed = await Promise.all(Array.from({ length: 2000 }, () => passes(limiter, "k", rule)));
  assert.equal(passed.filter(Boolean).length, 900);
  assert.ok(await gateways.scripts() - before <= 12);
});

redis.test("with leases, a request that one limit refuses takes nothing from the others", async () => {
  await using server = await RedisServer.start();
  await using gateways = await Gateways.start(server, 10);
  const [limiter, other] = gateways.limiters("a", [tokenBucket, tokenBucket]);
  const rules = [ruleOf({ limit: 1, per: HOUR }), ruleOf({ limit: 50, per: HOUR })];
  const takes = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => await limiter.take([`user ${i % 20}`, "all"], rules, 1)),
  );
  assert.equal(takes.filter((verdicts) => verdicts.every(({ admitted }) => admitted)).length, 20);
  const [user, all] = await limiter.take(["user 1", "all"], rules, 1);
  assert.deepEqual([user.admitted, all.admitted, all.remaining], [false, true, 30]);
  let passed = 0;
  for (let i = 0; i < 50; i++) {
    const verdicts = await other.take([`another ${i}`, "all"], rules, 1);
    if (verdicts.every(({ admitted }) => admitted)) passed++;
  }
  assert.ok(passed >= 20 && passed <= 30, `${passed}: the first gateway holds ten at most`);
});

redis.test("a request that costs more than a lease holds is decided in Redis, as is one that only asks", async () => {
  await using server = await RedisServer.start();
  await using gateways = await Gateways.start(server, 10);
  const [limiter] = gateways.limiters("a"), rule = ruleOf({ limit: 30, per: HOUR });
  assert.equal(await passes(limiter, "k", rule, 11), true);
  assert.equal((await limiter.take(["k"], [rule], 0))[0].remaining, 19);
  await limiter.charge(["k"], [rule], 4);
  assert.equal((await limiter.take(["k"], [rule], 0))[0].remaining, 15);
});
