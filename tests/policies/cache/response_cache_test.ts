import { strict as assert } from "node:assert";
import { makeEnv, type TestEnv } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";
import { CacheBed, fresh } from "./cache_bed.ts";
import { LocalTier } from "./tier/local_tier.ts";

/** Two processes with one store. */
function nodes(count = 2): { readonly tier: LocalTier; readonly beds: CacheBed[] } {
  const env = makeEnv(), tier = new LocalTier(env.clock);
  const withTier = (): TestEnv => ({
    ...makeEnv(),
    clock: env.clock,
    store: () => ({ ...env.store(), cacheTier: () => tier }),
  });
  return { tier, beds: Array.from({ length: count }, () => new CacheBed({ store: "shared" }, withTier())) };
}

Deno.test("what one process has kept, another finds in the store, with its age", async () => {
  const { beds: [one, other] } = nodes();
  await one.fill({}, { fields: fresh(), body: "kept" });
  one.pass(10);
  const asked = await other.ask();
  assert.deepEqual([asked.outcome, await asked.text(), asked.header("age")], ["hit", "kept", "10"]);
  assert.equal(asked.cacheStatus, "gatewright; hit; ttl=50; detail=second-tier");
  assert.deepEqual([other.start().cacheStatus, other.arrived.length], ["gatewright; hit; ttl=50", 0]);
});

Deno.test("those who wait for the store get what it has", async () => {
  const { beds: [one, other] } = nodes();
  await one.fill({}, { fields: fresh() });
  const [first, second] = [other.start(), other.start()];
  await turn();
  assert.deepEqual([first.outcome, second.outcome, other.arrived.length], ["hit", "hit", 0]);
});

Deno.test("a stale answer in the store is asked about, and the newer one is there for all", async () => {
  const { beds: [one, other, third] } = nodes(3);
  await one.fill({}, { fields: fresh({ etag: '"a"' }) });
  one.pass(60);
  const asked = await other.ask();
  assert.equal(other.arrived[0].header("if-none-match"), '"a"');
  await other.arrived[0].answer({ status: 304, fields: fresh(), body: null });
  assert.equal(asked.outcome, "revalidated");
  assert.equal((await third.ask()).outcome, "hit");
});

Deno.test("a store that is away or out of order keeps nobody from the upstream", async () => {
  for (const how of ["away", "broken"]) {
    const { tier, beds: [bed] } = nodes();
    if (how === "away") tier.away = true;
    else {
      tier.read = () => Promise.reject(new Error("out of order"));
      tier.write = () => Promise.reject(new Error("out of order"));
    }
    const asked = await bed.fill({}, { fields: fresh() });
    assert.deepEqual([asked.status, bed.start().outcome], [200, "hit"]);
    assert.equal(bed.env.logged.filter(({ level }) => level === "error").length, how === "away" ? 0 : 2);
  }
});

Deno.test("what takes the place of a kept answer takes it in the store too", async () => {
  const { beds: [one, other] } = nodes();
  await one.fill({}, { fields: fresh() });
  await one.fill({ headers: { "cache-control": "no-cache" } }, { fields: { "cache-control": "no-store" } });
  await turn();
  assert.equal((await one.ask()).reply, null);
  assert.equal((await other.ask()).reply, null);
});

Deno.test("a cache that is closed while the store is asked asks nobody", async () => {
  const { tier, beds: [one, other] } = nodes();
  await one.fill({}, { fields: fresh() });
  tier.onRead = () => other.kept.close();
  const asked = other.start();
  asked.exchange.abort();
  await turn();
  assert.deepEqual([asked.status, other.arrived.length, other.kept.shelf.entries], [499, 0, 0]);
});

Deno.test("an older answer in the store does not take the place of a newer one here", async () => {
  const { tier, beds: [one] } = nodes();
  await one.fill({}, { fields: fresh({ etag: '"old"' }) });
  one.pass(5);
  tier.away = true;
  await one.fill({ headers: { "cache-control": "no-cache" } }, { fields: fresh({ etag: '"new"' }) });
  tier.away = false;
  await one.ask({ headers: { "cache-control": "no-cache" } });
  assert.equal(one.arrived[2].header("if-none-match"), '"new"');
  assert.equal(one.start().header("etag"), '"new"');
});

Deno.test("a cache reports what it holds and has done", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh() });
  bed.start();
  await bed.ask("/b");
  const { id, entries, underWay, outcomes, secondTier } = bed.kept.report();
  assert.deepEqual([id, entries, underWay], ["a/cache", 1, 1]);
  assert.deepEqual(outcomes, { hit: 1, stale: 0, revalidated: 0, collapsed: 0, miss: 1, bypass: 0 });
  assert.equal(secondTier, null);
});

Deno.test("a cache with a store reports what came of asking it", async () => {
  const { tier, beds: [one, other] } = nodes();
  await one.fill({}, { fields: fresh() });
  await other.ask();
  tier.away = true;
  await other.ask("/b");
  assert.deepEqual(one.kept.report().secondTier, { reads: 1, hits: 0, writes: 1, failures: 0 });
  assert.deepEqual(other.kept.report().secondTier, { reads: 2, hits: 1, writes: 0, failures: 1 });
});
