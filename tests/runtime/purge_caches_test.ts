import { strict as assert } from "node:assert";
import type { AnswerCache } from "../../src/core/answer_cache.ts";
import type { Purge } from "../../src/core/purge.ts";
import { StoreError } from "../../src/core/store.ts";
import { cachesIn, purgeCaches } from "../../src/runtime/purge_caches.ts";

const ORDER: Purge = { target: { all: true }, soft: false };

function cache(id: string, purge: AnswerCache["purge"]): AnswerCache {
  return { purge, report: () => ({ id, entries: 0, bytes: 0, maxBytes: 0 }) };
}

Deno.test("cachesIn() finds caches among other state, by id too", () => {
  const a = cache("a", () => 1), b = cache("b", () => 1), tier = { purge: () => 1 }, upstream = { report: () => ({}) };
  assert.deepEqual(cachesIn([a, {}, tier, upstream, new Map(), b]), [a, b]);
  assert.deepEqual(cachesIn([a, b], "b"), [b]);
  assert.deepEqual(cachesIn([a, b], "c"), []);
});

Deno.test("purgeCaches() adds up what was removed, and has all done whatever becomes of one", async () => {
  const seen: unknown[] = [];
  const caches = [
    cache("a", (order, told) => seen.push([order, told])),
    cache("b", () => Promise.reject(new StoreError("away"))),
    cache("c", () => Promise.resolve(20)),
  ];
  const report = { caches: ["a", "b", "c"], removed: 21, failures: ["b: away"] };
  assert.deepEqual(await purgeCaches(caches, ORDER), report);
  await purgeCaches(caches, ORDER, true);
  assert.deepEqual(seen, [[ORDER, false], [ORDER, true]]);
  assert.deepEqual(await purgeCaches([], ORDER), { caches: [], removed: 0, failures: [] });
});

Deno.test("purgeCaches() does not hide a defect", async () => {
  const broken = cache("a", () => {
    throw new TypeError("defect");
  });
  await assert.rejects(purgeCaches([broken], ORDER), { message: "defect" });
});
