import { requires } from "../../support/requires.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { limiterConformance } from "../limiter_conformance.ts";
import { openRedisForTests } from "./open_redis.ts";

let server: RedisServer;
limiterConformance({
  name: "redis",
  runs: 10,
  open: (clock) => openRedisForTests(server, clock),
  test: (name, run) =>
    requires("redis-server").test(name, async () => {
      await using own = await RedisServer.start();
      server = own;
      await run();
    }),
});
