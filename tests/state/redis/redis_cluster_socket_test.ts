import { strict as assert } from "node:assert";
import { ruleOf } from "../../../src/core/limit.ts";
import { slotOf } from "../../../src/state/redis/cluster_slot.ts";
import { tokenBucket } from "../../../src/policies/traffic/algorithms/token_bucket.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { RedisCluster } from "../../support/redis_cluster.ts";
import { requires } from "../../support/requires.ts";
import { limiterConformance } from "../limiter_conformance.ts";
import { type OpenOptions, TestStore } from "./open_redis.ts";

const redis = requires("redis-server");

/** A store that knows nothing of what others have counted there. */
function open(cluster: RedisCluster, options: OpenOptions = {}): TestStore {
  const settings = { cluster: cluster.urls.slice(0, 1), timeout: "10s", prefix: `${crypto.randomUUID()}:` };
  return new TestStore(null, { ...options, settings });
}

// A cluster takes two seconds to start, so there is one for all.
redis.test("in a cluster", async (t) => {
  await using cluster = await RedisCluster.start();

  const conformance: [string, () => Promise<void>][] = [];
  limiterConformance({
    name: "cluster",
    runs: 3,
    open: (clock) => open(cluster, { time: clock }),
    test: (name, run) => conformance.push([name, run]),
  });
  for (const [name, run] of conformance) await t.step(name, run);

  await t.step("limits that count by the same are on one node, and all nodes have some", async () => {
    await using store = open(cluster);
    const limiter = store.limiter({ id: "n{o}de", algorithms: [tokenBucket, tokenBucket] });
    const rule = ruleOf({ limit: 5, per: 3_600_000 });
    await Promise.all(Array.from({ length: 40 }, (_, i) => limiter.take([`k${i}`, `k${i}`], [rule, rule], 1)));
    const keys = await Promise.all(
      cluster.nodes.map(async (node) => (await node.keys()).filter((key) => key.includes("n{o}de"))),
    );
    assert.equal(keys.flat().length, 80);
    for (const ofNode of keys) {
      assert.ok(ofNode.length > 0);
      const hashes = ofNode.map((key) => /\{(.*?)\}/.exec(key)![1]);
      assert.equal(new Set(hashes).size, ofNode.length / 2);
    }
  });

  await t.step("what an earlier limit was charged is given back when a later one refuses", async () => {
    await using store = open(cluster);
    const limiter = store.limiter({ id: "given back", algorithms: [tokenBucket, tokenBucket] });
    const rules = [ruleOf({ limit: 100, per: 3_600_000 }), ruleOf({ limit: 10, per: 3_600_000 })];
    const verdicts = await Promise.all(Array.from({ length: 60 }, () => limiter.take(["a", "b"], rules, 1)));
    assert.equal(verdicts.filter((all) => all.every(({ admitted }) => admitted)).length, 10);
    const [wide, strict] = await limiter.take(["a", "b"], rules, 0);
    assert.deepEqual([wide.remaining, strict.remaining], [90, 0]);
    const [told] = await limiter.take(["a", "b"], rules, 1);
    assert.deepEqual([told.admitted, told.remaining], [true, 90]);
  });

  await t.step("keys are found where the cluster has them", async () => {
    for (const key of ["", "a", "123456789", "gw:{tag}:{other}", "{}a", "a{b", "ü{é}"]) {
      assert.equal(slotOf(key), await cluster.nodes[0].ask("CLUSTER", "KEYSLOT", key), key);
    }
  });

  await t.step("a node that dies takes its own keys with it and no others", async () => {
    await using store = open(cluster);
    const limiter = store.limiter({ id: "death", algorithms: [tokenBucket] }), rule = ruleOf({ limit: 99, per: 1e9 });
    const outcomes = () =>
      Promise.all(Array.from({ length: 30 }, async (_, i) => {
        try {
          return (await limiter.take([`k${i}`], [rule], 1))[0].admitted;
        } catch (error) {
          assert.equal((error as Error).name, "StoreError");
          return false;
        }
      }));
    assert.ok((await outcomes()).every(Boolean));
    const lost = (await cluster.nodes[2].keys()).filter((key) => key.includes(":death#")).length;
    await cluster.nodes[2].kill();
    for (let i = 0; i < 5; i++) assert.equal((await outcomes()).filter((passes) => !passes).length, lost);
    assert.equal(store.log.length, 1);
  });
});

redis.test("a cluster of which no node is there fails at once", async () => {
  const clock = new FakeClock();
  await using store = new TestStore(null, {
    clock,
    settings: { cluster: ["redis://127.0.0.1:1", "redis://127.0.0.1:2"] },
  });
  const limiter = store.limiter({ id: "a", algorithms: [tokenBucket] });
  await assert.rejects(
    async () => await limiter.take(["k"], [ruleOf({ limit: 5, per: 1000 })], 1),
    { name: "StoreError", message: /is not connected: / },
  );
});
