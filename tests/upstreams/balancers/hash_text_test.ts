import { strict as assert } from "node:assert";
import { hashText, mixBits } from "../../../src/upstreams/balancers/hash_text.ts";
import { assertShares } from "./chi_square.ts";

Deno.test("mixBits() is MurmurHash3's finaliser", () => {
  // Values of fmix32 in the reference implementation.
  assert.deepEqual([0, 1, 2, 0xffffffff].map(mixBits), [0, 0x514e28b7, 0x30f4c306, 0x81f16f39]);
});

Deno.test("hashText() does not change: keys would move with it", () => {
  assert.deepEqual(["", "a", "user-1", "ключ"].map((text) => hashText(text)), [
    2872998923,
    444641715,
    2005895916,
    3185335672,
  ]);
});

Deno.test("hashText() spreads texts that differ in a digit over the upper bits, under each seed", () => {
  for (const seed of [0, 1, 2]) {
    const counts = Array<number>(64).fill(0);
    for (let i = 0; i < 20_000; i++) counts[hashText(`user-${i}`, seed) >>> 26]++;
    assertShares(counts, counts.map(() => 1));
  }
});
