import { TestStore } from "../../state/redis/open_redis.ts";
import { makeEnv } from "../../support/exchange.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { requires } from "../../support/requires.ts";
import { passHistory, QUIET_MINUTE } from "./quiet_time.ts";
import { LimitBed } from "./rate_limit_bed.ts";

requires("redis-server").test("defineAlgorithm() with lua decides in Redis as it does in memory", async () => {
  await using server = await RedisServer.start();
  const env = makeEnv();
  await using store = new TestStore(server.url, { time: env.clock, settings: { timeout: "10s" } });
  await passHistory(new LimitBed({ ...QUIET_MINUTE, onStoreError: "deny" }, { ...env, store: () => store }));
});
