import assert from "node:assert/strict";
import { ruleOf } from "../../../src/core/limit.ts";
import { storeDefinitionOf } from "../../../src/core/store.ts";
import { shared, sharedDefinition } from "../../../src/state/shared_memory.ts";
import { SharedStore } from "../../../src/state/shared_memory/shared_store.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { MODELLED } from "../limit_models.ts";
import { OneProcess } from "./one_process.ts";

const RULES = [ruleOf({ limit: 5, per: 60_000 })];
const [tokenBucket, fixedWindow, , leakyBucket] = MODELLED.map(({ algorithm }) => algorithm);

/** A store of 1000 keys, and what of its limit of 5 is left after one more request. */
function opened(regions: OneProcess, name = "default") {
  const store = new SharedStore({ clock: new FakeClock(), regions }, name, 1000);
  const left = async (id: string, algorithm = tokenBucket, maxKeys = 1000) =>
    (await store.limiter({ id, algorithms: [algorithm], maxKeys }).take(["k"], RULES, 1))[0].remaining;
  return { store, left };
}

Deno.test("shared() remembers 100 000 keys unless it is told otherwise", () => {
  assert.deepEqual(sharedDefinition.schema.parse({}), { maxKeys: 100_000 });
  assert.deepEqual(sharedDefinition.schema.parse({ maxKeys: 5 }), { maxKeys: 5 });
  assert.equal(sharedDefinition.describe({ maxKeys: 5 }), "shared memory, 5 keys a limit");
  for (const wrong of [{ maxKeys: 0 }, { maxKeys: 1.5 }, { maxKeys: 10_000_001 }, { keys: 1 }]) {
    assert.equal(sharedDefinition.schema.safeParse(wrong).success, false, JSON.stringify(wrong));
  }
});

Deno.test("shared() is a store that prints as JSON", () => {
  const store = shared({ maxKeys: 7 });
  assert.equal(storeDefinitionOf(store)?.kind, "shared");
  assert.equal(JSON.stringify(store), '{"kind":"shared","options":{"maxKeys":7}}');
});

Deno.test("shared() finds its counts again when it is opened anew", async () => {
  const regions = new OneProcess(), before = opened(regions);
  assert.equal(await before.left("a"), 4);
  before.store.close();
  assert.equal(await opened(regions).left("a"), 3);
});

Deno.test("shared() counts policies, stores and algorithms apart, and begins anew with another size", async () => {
  const regions = new OneProcess(), { left } = opened(regions);
  assert.equal(await left("a"), 4);
  assert.equal(await left("b"), 4);
  assert.equal(await opened(regions, "other").left("a"), 4);
  assert.equal(await left("a", fixedWindow), 4);
  assert.equal(await left("a", leakyBucket), 0);
  assert.equal(await left("a", tokenBucket, 100_000), 3, "1000 keys are the store's most");
  const larger = new SharedStore({ clock: new FakeClock(), regions }, "default", 100_000);
  const limiter = larger.limiter({ id: "a", algorithms: [tokenBucket], maxKeys: 100_000 });
  assert.equal((await limiter.take(["k"], RULES, 1))[0].remaining, 4);
});

Deno.test("shared() gives each thread that opens it another number", () => {
  const regions = new OneProcess();
  assert.deepEqual([1, 2, 3].map(() => opened(regions).store.holder), [1, 2, 3]);
});

Deno.test("shared() has 100 000 keys in a few megabytes", () => {
  const regions = new OneProcess(), store = new SharedStore({ clock: new FakeClock(), regions }, "default", 100_000);
  for (const { algorithm } of MODELLED) store.limiter({ id: "a", algorithms: [algorithm], maxKeys: 1e6 });
  for (const [name, { byteLength }] of regions.made) assert.ok(byteLength < 9_000_000, `${name}: ${byteLength}`);
});
