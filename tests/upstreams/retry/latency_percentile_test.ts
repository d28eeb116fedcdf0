import { strict as assert } from "node:assert";
import fc from "fast-check";
import { LatencyPercentile } from "../../../src/upstreams/retry/latency_percentile.ts";

function of(percentile: number, latencies: readonly number[]): LatencyPercentile {
  const counted = new LatencyPercentile(percentile);
  for (const latency of latencies) counted.add(latency);
  return counted;
}

Deno.test("nothing is said before there are twenty latencies", () => {
  const counted = of(50, new Array(19).fill(100));
  assert.equal(counted.value, null);
  counted.add(100);
  assert.notEqual(counted.value, null);
});

/** The smallest of them that so large a share is not above: the nearest rank. */
function exact(latencies: readonly number[], percentile: number): number {
  const sorted = latencies.toSorted((a, b) => a - b);
  return sorted[Math.ceil(percentile / 100 * sorted.length) - 1];
}

/** By the order of magnitude, as latencies are. */
const latency = fc.double({ min: 0, max: 16.9, noNaN: true }).map((exponent) => 2 ** exponent - 1);
const percentile = fc.constantFrom(50, 75, 90, 95, 99, 99.9);

Deno.test("property: the value is the exact percentile, or above it by no more than a bucket, which is 9.06 %", () => {
  // The eighth root of two, over latencies and one millisecond.
  const bucket = 2 ** (1 / 8) * (1 + 1e-9);
  fc.assert(fc.property(fc.array(latency, { minLength: 20, maxLength: 400, size: "max" }), percentile, (all, p) => {
    const value = of(p, all).value!, truth = exact(all, p);
    assert.ok(value >= truth * (1 - 1e-9) && value + 1 <= (truth + 1) * bucket, `${value} for ${truth}`);
  }));
});

Deno.test("a latency beyond all buckets counts in the last", () => {
  assert.equal(Math.round(of(50, new Array(20).fill(1e9)).value! + 1), 2 ** 17);
});

Deno.test("the value is worked out anew every twenty latencies", () => {
  const counted = of(90, new Array(20).fill(10)), before = counted.value!;
  for (let round = 0; round < 3; round++) {
    const at = counted.value;
    for (let i = 0; i < 19; i++) counted.add(1_000 * 4 ** round);
    assert.equal(counted.value, at);
    counted.add(1_000 * 4 ** round);
    assert.ok(counted.value! >= 1_000 * 4 ** round);
  }
  assert.ok(before < 12);
});

Deno.test("half of the latencies are not above the median", () => {
  assert.ok(of(50, [...new Array(50).fill(10), ...new Array(50).fill(1_000)]).value! < 12);
  assert.ok(of(50, [...new Array(49).fill(10), ...new Array(51).fill(1_000)]).value! >= 1_000);
});

Deno.test("what is long ago is forgotten: a few thousand latencies later it counts for nothing", () => {
  const counted = of(99, new Array(5_000).fill(60_000));
  assert.ok(counted.value! >= 60_000);
  // Ninety-nine times as many would be needed if nothing were forgotten.
  for (let i = 0; i < 8_000; i++) counted.add(10);
  assert.ok(counted.value! < 12, `${counted.value}`);
});

Deno.test("what is recent is not forgotten: one slow answer in fifty shows in the 99th percentile at all times", () => {
  const counted = new LatencyPercentile(99);
  for (let i = 0; i < 5_000; i++) {
    counted.add(i % 50 === 0 ? 500 : 10);
    if (i > 100) assert.ok(counted.value! >= 500, `after ${i}: ${counted.value}`);
  }
});
