import { strict as assert } from "node:assert";
import { ruleOf } from "../../../src/core/limit.ts";
import { tokenBucket } from "../../../src/policies/traffic/algorithms/token_bucket.ts";
import { eventually, RedisServer } from "../../support/redis_server.ts";
import { requires } from "../../support/requires.ts";
import { TestStore } from "./open_redis.ts";

const redis = requires("redis-server");

redis.test("sentinels lead to the server, and after a failover to the new one", async () => {
  await using master = await RedisServer.start({ args: ["--repl-diskless-sync-delay", "0"] });
  await using replica = await RedisServer.start({ args: ["--replicaof", "127.0.0.1", `${master.port}`] });
  const linked = async () => /master_link_status:up/.test(`${await replica.ask("INFO", "replication")}`);
  await eventually(linked, "the replica");
  await using sentinel = await RedisServer.start({
    args: ["--sentinel"],
    config: `sentinel monitor main 127.0.0.1 ${master.port} 1
sentinel down-after-milliseconds main 300
sentinel failover-timeout main 2000
`,
  });
  await using store = new TestStore(null, { settings: { sentinels: [sentinel.url], name: "main", timeout: "10s" } });
  const limiter = store.limiter({ id: "a", algorithms: [tokenBucket] }), rule = ruleOf({ limit: 5, per: 3_600_000 });
  const left = async () => {
    try {
      return (await limiter.take(["k"], [rule], 1))[0].remaining;
    } catch {
      return null;
    }
  };
  assert.equal(await left(), 4);
  await eventually(async () => (await replica.keys()).some((key) => key.includes(":a#")), "the replica to know");
  const known = async () => `${await sentinel.ask("SENTINEL", "REPLICAS", "main")}`.includes(`${replica.port}`);
  await eventually(known, "the sentinel to know the replica");
  await master.kill();
  let after: number | null = null;
  await eventually(async () => (after = await left()) !== null, "the failover");
  assert.equal(after, 3, "the new server knows what the old one had told it");
  assert.equal(await replica.ask("ROLE").then((role) => (role as string[])[0]), "master");
});
