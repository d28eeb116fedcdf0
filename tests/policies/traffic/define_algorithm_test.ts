import { strict as assert } from "node:assert";
import { defineAlgorithm, defineGateway, memory, rateLimit, redis, shared } from "gatewright";
import { validateConfig } from "../../../src/config/validate.ts";
import { makeEnv } from "../../support/exchange.ts";
import { openStore, storeEnv } from "../../support/open_store.ts";
import { passHistory, QUIET_MINUTE, quietTime } from "./quiet_time.ts";
import { LimitBed } from "./rate_limit_bed.ts";

Deno.test("defineAlgorithm() decides for rateLimit(), and is charged what answers say, in memory", async () => {
  await passHistory(new LimitBed(QUIET_MINUTE));
});

Deno.test("defineAlgorithm() decides for rateLimit(), and is charged what answers say, across threads", async () => {
  const env = makeEnv(), store = openStore(shared(), storeEnv(env.clock));
  await passHistory(new LimitBed(QUIET_MINUTE, { ...env, store: () => store }));
});

Deno.test("defineAlgorithm() says with moreAfter when there is more to be had", () => {
  const algorithm = defineAlgorithm({ ...quietTime, moreAfter: ({ remaining }, { per }) => per * (4 - remaining) });
  const bed = new LimitBed({ algorithm, limit: 3, per: "1m" });
  assert.deepEqual([1, 2].map(() => bed.ask().reply.header("ratelimit")), [
    '"3-per-1m";r=2;t=120',
    '"3-per-1m";r=1;t=180',
  ]);
});

Deno.test("defineAlgorithm() takes the algorithm as it is: what is changed afterwards is not in it", () => {
  const mine = { ...quietTime }, algorithm = defineAlgorithm(mine);
  mine.take = () => assert.fail("this is not the algorithm");
  assert.deepEqual(new LimitBed({ algorithm, limit: 1, per: "1m" }).statuses(2), [200, 429]);
  assert.ok(Object.isFrozen(algorithm));
});

Deno.test("defineAlgorithm() without lua is an error of check in a store in Redis, and in no other", () => {
  const { lua: _, ...plain } = quietTime, url = "redis://127.0.0.1";
  const limits = [{ limit: 3, per: "1m" }, { algorithm: defineAlgorithm(plain), limit: 3, per: "1h" }] as const;
  const issues = (store: ReturnType<typeof memory | typeof shared | typeof redis>, policy = rateLimit({ limits })) => {
    const routes = [{ path: "/a", respond: {}, policies: [policy] }] as const;
    return validateConfig(defineGateway({ stores: { default: store }, routes })).issues
      .map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
  };
  assert.deepEqual(issues(redis({ url })), [
    'error routes[0].policies[0]: rateLimit counts in store "default", which is redis and needs lua of "quiet-time"',
  ]);
  assert.deepEqual([issues(memory()), issues(shared())], [[], []]);
  assert.deepEqual(issues(redis({ url }), rateLimit({ algorithm: quietTime, limit: 3, per: "1h" })), []);
});
