import { strict as assert } from "node:assert";
import { SlowStart } from "../../src/upstreams/slow_start.ts";

Deno.test("without a beginning the share is whole", () => {
  const slow = new SlowStart(10_000);
  assert.deepEqual([slow.share(0), slow.under], [1, false]);
});

Deno.test("the share grows from a tenth to the whole, and stays there", () => {
  const slow = new SlowStart(10_000), shares: number[] = [];
  slow.begin(5_000);
  for (const passed of [0, 500, 1_000, 2_500, 5_000, 9_900]) {
    shares.push(slow.share(5_000 + passed));
    assert.ok(slow.under);
  }
  assert.deepEqual(shares, [0.1, 0.1, 0.1, 0.25, 0.5, 0.99]);
  assert.deepEqual([slow.share(15_000), slow.under, slow.share(99_000)], [1, false, 1]);
});

Deno.test("who goes and comes back begins again", () => {
  const slow = new SlowStart(10_000);
  slow.begin(0);
  assert.equal(slow.share(8_000), 0.8);
  slow.begin(8_000);
  assert.equal(slow.share(8_000), 0.1);
  assert.equal(slow.share(18_000), 1);
});

Deno.test("without a duration nothing grows", () => {
  const slow = new SlowStart(0);
  slow.begin(0);
  assert.deepEqual([slow.share(0), slow.under], [1, false]);
});
