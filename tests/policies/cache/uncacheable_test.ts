import { strict as assert } from "node:assert";
import { Uncacheable } from "../../../src/policies/cache/uncacheable.ts";

Deno.test("Uncacheable remembers for a minute, as long as it is not told otherwise, and the newest only", () => {
  let now = 0;
  const uncacheable = new Uncacheable(() => now);
  uncacheable.add("a", false);
  uncacheable.add("b", true);
  assert.deepEqual(["a", "b", "c"].map((id) => uncacheable.has(id)), [true, true, false]);
  assert.deepEqual(["a", "b", "c"].map((id) => uncacheable.isTooLarge(id)), [false, true, false]);
  uncacheable.delete("a");
  assert.equal(uncacheable.has("a"), false);
  now = 60_000;
  assert.equal(uncacheable.has("b"), false);
  for (let i = 0; i <= 10_000; i++) uncacheable.add(`${i}`, false);
  assert.deepEqual([uncacheable.has("0"), uncacheable.has("1"), uncacheable.has("10000")], [false, true, true]);
});

Deno.test("what strangers can make as long as they like is not remembered", () => {
  const uncacheable = new Uncacheable(() => 0);
  uncacheable.add("x".repeat(1_001), false);
  uncacheable.add("x".repeat(1_000), false);
  assert.deepEqual([uncacheable.has("x".repeat(1_001)), uncacheable.has("x".repeat(1_000))], [false, true]);
});
