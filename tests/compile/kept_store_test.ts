import { strict as assert } from "node:assert";
import type { CacheTier } from "../../src/core/cache_tier.ts";
import { KeptStore } from "../../src/compile/kept_store.ts";
import { ruleOf } from "../../src/core/limit.ts";
import { StateRegistry } from "../../src/core/state_registry.ts";
import type { Limiter, Store } from "../../src/core/store.ts";
import { slidingWindow } from "../../src/policies/traffic/algorithms/sliding_window.ts";
import { tokenBucket } from "../../src/policies/traffic/algorithms/token_bucket.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { memoryStore } from "../support/open_store.ts";

const RULE = ruleOf({ limit: 5, per: 60_000 });

/** Plans one after the other, all of them over the same store. */
class Plans {
  readonly #states = new StateRegistry();
  readonly #store: Store = memoryStore(new FakeClock());

  /** What is left of one key's limit in a plan whose node is this. @param shape of the store */
  async left(init: Partial<Parameters<Store["limiter"]>[0]> | null, shape: unknown = "memory"): Promise<number> {
    this.#states.begin();
    const store = new KeptStore("default", this.#store, shape, this.#states.state);
    const limiter: Limiter | null = init === null
      ? null
      : store.limiter({ id: "a/rateLimit", algorithms: [tokenBucket], maxKeys: 100, ...init });
    this.#states.commit();
    return limiter === null ? NaN : (await limiter.take(["k"], [RULE], 1))[0].remaining;
  }
}

Deno.test("limits outlive a reload as long as their node and its store stay as they are", async () => {
  const plans = new Plans();
  assert.deepEqual([await plans.left({}), await plans.left({}), await plans.left({})], [4, 3, 2]);
  assert.equal(await plans.left({ algorithms: [{ ...tokenBucket }] }), 1, "a module that was loaded again");
});

Deno.test("limits begin anew with another algorithm, size or store, and where their node had gone", async () => {
  const changes: [Parameters<Plans["left"]>[0], unknown?][] = [
    [{ algorithms: [slidingWindow] }],
    [{ algorithms: [{ ...tokenBucket, take: (...args) => tokenBucket.take(...args) }] }],
    [{ algorithms: [{ ...tokenBucket, charge: (...args) => tokenBucket.charge(...args) }] }],
    [{ algorithms: [{ ...tokenBucket, lua: "{}" }] }],
    [{ kinds: ["token-bucket:1000"] }],
    [{ maxKeys: 200 }],
    [{}, "redis"],
    [{ id: "b/rateLimit" }],
  ];
  for (const [init, shape] of changes) {
    const plans = new Plans();
    await plans.left({});
    assert.equal(await plans.left(init, shape), 4, JSON.stringify(init));
  }
  const plans = new Plans();
  await plans.left({});
  await plans.left(null);
  assert.equal(await plans.left({}), 4);
});

Deno.test("the second tier of a cache outlives a reload, as long as its node and its store stay as they are", () => {
  const states = new StateRegistry(), closed: string[] = [];
  const tiers = (shape: unknown, ids: readonly string[], keepsAnswers = true) => {
    states.begin();
    const memory = memoryStore(new FakeClock());
    const cacheTier = ({ id }: { readonly id: string }) => ({ close: () => closed.push(id) }) as unknown as CacheTier;
    const store = new KeptStore("default", keepsAnswers ? { ...memory, cacheTier } : memory, shape, states.state);
    const made = ids.map((id) => store.cacheTier?.({ id }));
    states.commit();
    return made;
  };
  const [a, b] = tiers("redis", ["a", "b"]);
  assert.deepEqual(tiers("redis", ["a"]), [a]);
  assert.deepEqual([closed, a === b], [["b"], false]);
  assert.notEqual(tiers("other", ["a"])[0], a);
  assert.deepEqual(tiers("memory", ["a"], false), [undefined]);
  assert.deepEqual(closed, ["b", "a", "a"]);
});
