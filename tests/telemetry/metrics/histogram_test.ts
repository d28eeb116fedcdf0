import { strict as assert } from "node:assert";
import fc from "fast-check";
import { countOf, Histogram, merged } from "../../../src/telemetry/metrics/histogram.ts";

Deno.test("Histogram puts each amount into the first bucket whose bound it does not exceed", () => {
  const amounts = fc.array(fc.double({ min: 0, max: 20, noNaN: true })), bounds = [0.5, 1, 10];
  fc.assert(fc.property(amounts, (values) => {
    const histogram = new Histogram(bounds);
    for (const value of values) histogram.observe(value);
    const upTo = [...bounds, Infinity].map((bound) => values.filter((value) => value <= bound).length);
    let count = 0;
    assert.deepEqual([...histogram.counts].map((n) => count += n), upTo);
    assert.equal(countOf(histogram), values.length);
    assert.ok(Math.abs(histogram.sum - values.reduce((sum, value) => sum + value, 0)) < 1e-9 * (1 + histogram.sum));
  }));
});

Deno.test("Histogram counts an amount that equals a bound within it", () => {
  const histogram = new Histogram([1, 2]);
  for (const value of [1, 2, 2.0001]) histogram.observe(value);
  assert.deepEqual([...histogram.counts], [1, 1, 1]);
});

Deno.test("Histogram counts what is no amount as 0: its sum stays a number that never falls", () => {
  const histogram = new Histogram([1]);
  for (const value of [NaN, -5]) histogram.observe(value);
  assert.deepEqual([...histogram.counts], [2, 0]);
  assert.equal(histogram.sum, 0);
});

Deno.test("Histogram keeps the latest trace of each bucket", () => {
  const histogram = new Histogram([1]);
  histogram.observeTraced(0.5, "aa", 100);
  histogram.observeTraced(0.7, "bb", 101);
  histogram.observe(0.9);
  histogram.observeTraced(7, "cc", 102);
  assert.deepEqual(histogram.exemplars, [
    { traceId: "bb", value: 0.7, at: 101 },
    { traceId: "cc", value: 7, at: 102 },
  ]);
  assert.equal(countOf(histogram), 4);
});

Deno.test("merged() adds histograms of the same bounds up, and leaves both as they were", () => {
  const one = new Histogram([1, 2]), other = new Histogram([1, 2]);
  one.observe(0.5);
  other.observe(1.5);
  other.observe(9);
  const sum = merged(one, other);
  assert.deepEqual([...sum.counts], [1, 1, 1]);
  assert.equal(sum.sum, 11);
  assert.deepEqual([countOf(one), countOf(other)], [1, 2]);
});

Deno.test("merged() does not mix histograms of other bounds", () => {
  const one = new Histogram([1, 2]), other = new Histogram([1, 5]);
  one.observe(0.5);
  other.observe(0.5);
  assert.equal(countOf(merged(one, other)), 1);
});

Deno.test("a histogram is plain data: a thread can send it to another", () => {
  const histogram = new Histogram([1]);
  histogram.observeTraced(0.5, "aa", 100);
  assert.deepEqual({ ...structuredClone(histogram) }, { ...histogram });
});
