import { strict as assert } from "node:assert";
import { ruleOf } from "../../../src/core/limit.ts";
import { slotOf, SLOTS } from "../../../src/state/redis/cluster_slot.ts";
import { LimitKeys } from "../../../src/state/redis/limit_keys.ts";
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
  return new TestStore(null, { ...options, settings: { ...settings, ...options.settings } });
}

/** The first of numbered texts whose key a node has. */
function keyOn(node: number, textOf: (n: number) => string, keyOf = (text: string) => text): string {
  for (let n = 0;; n++) {
    if (Math.floor(slotOf(keyOf(textOf(n))) / (SLOTS / 3)) === node) return textOf(n);
  }
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

  await t.step("a node that hangs keeps no gateway that starts from the others", async () => {
    const [hung, ...others] = cluster.nodes;
    hung.pause();
    try {
      // A node is chosen by chance.
      for (let i = 0; i < 8; i++) {
        const prefix = keyOn(0, (n) => `${i}.${n}:check`).slice(0, -"check".length);
        const settings = { cluster: [others[0].url], timeout: "3s", prefix };
        await using store = new TestStore(null, { settings });
        const init = { id: "hung", algorithms: [tokenBucket] }, names = new LimitKeys(prefix, init);
        const key = keyOn(1, String, (text) => names.of([text])[0]);
        const [verdict] = await store.limiter(init).take([key], [ruleOf({ limit: 5, per: 1e6 })], 1);
        assert.equal(verdict.admitted, true);
      }
    } finally {
      hung.resume();
    }
  });

  await t.step("a slot that is moved fails alone", async () => {
    await using store = open(cluster, { settings: { prefix: "m:", breaker: { failures: 1 } } });
    const init = { id: "moved", algorithms: [tokenBucket, tokenBucket] }, names = new LimitKeys("m:", init);
    const limiter = store.limiter(init), rules = [ruleOf({ limit: 5, per: 1e6 }), ruleOf({ limit: 5, per: 1e6 })];
    const nameOf = (text: string) => names.of([text, text])[0];
    const moved = keyOn(0, (n) => `moved ${n}`, nameOf), other = keyOn(0, (n) => `other ${n}`, nameOf);
    const take = async (key: string) => (await limiter.take([key, key], rules, 1)).every(({ admitted }) => admitted);
    assert.ok(await take(other));
    const [from, to] = cluster.nodes, slot = slotOf(nameOf(moved));
    const ids = await Promise.all([from, to].map((node) => node.ask("CLUSTER", "MYID")));
    await to.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", `${ids[0]}`);
    await from.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", `${ids[1]}`);
    await assert.rejects(take(moved), { name: "StoreError", message: /Too many Cluster redirections/ });
    assert.ok(await take(other));
    assert.deepEqual(store.log, []);
    for (const node of [from, to]) await node.ask("CLUSTER", "SETSLOT", slot, "STABLE");
    assert.ok(await take(moved));
  });

  await t.step("a user of a cluster needs the rights that the documentation says", async () => {
    const rights = ["~gatewright:*", "+set", "+get", "+del", "+eval", "+evalsha", "+time", "+cluster"];
    for (const node of cluster.nodes) await node.ask("ACL", "SETUSER", "gate", "on", ">word", ...rights);
    const settings = { prefix: "gatewright:", username: "gate", password: { env: "PASSWORD" } };
    await using store = open(cluster, { settings, secrets: { PASSWORD: "word" } });
    const limiter = store.limiter({ id: "rights", algorithms: [tokenBucket] }), rule = ruleOf({ limit: 1, per: 1e6 });
    const takes = await Promise.all(Array.from({ length: 20 }, (_, i) => limiter.take([`k${i}`], [rule], 1)));
    assert.ok(takes.every(([{ admitted }]) => admitted));
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
