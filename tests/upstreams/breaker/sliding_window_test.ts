import { strict as assert } from "node:assert";
import fc from "fast-check";
import { BUCKETS, SlidingWindow } from "../../../src/upstreams/breaker/sliding_window.ts";

const SPAN = 10_000, BUCKET = SPAN / BUCKETS;

/** What is left of one failure at 0 when another comes `after` milliseconds later. */
for (const [after, failures] of [[0, 2], [1, 2], [SPAN / 2, 2], [SPAN, 2], [SPAN + BUCKET, 1], [50 * SPAN, 1]]) {
  Deno.test(`${after} ms later, a window of ${SPAN} ms holds ${failures} of two failures`, () => {
    const window = new SlidingWindow(SPAN);
    window.add(0, true);
    window.add(after, true);
    assert.deepEqual([window.total, window.failures], [failures, failures]);
  });
}

Deno.test("successes are counted, and are no failures", () => {
  const window = new SlidingWindow(SPAN);
  for (const failed of [true, false, false, true, false]) window.add(0, failed);
  assert.deepEqual([window.total, window.failures], [5, 2]);
});

Deno.test("a window slides: it forgets the oldest, not all at once", () => {
  const window = new SlidingWindow(SPAN), held: number[] = [];
  for (let now = 0; now <= 20_000; now += 1_000) {
    window.add(now, true);
    held.push(window.failures);
  }
  assert.deepEqual(held, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...Array(11).fill(11)]);
});

Deno.test("clear() forgets everything, and later nothing is taken off twice", () => {
  const window = new SlidingWindow(SPAN);
  for (let now = 0; now < SPAN; now += 500) window.add(now, true);
  window.clear();
  assert.deepEqual([window.total, window.failures], [0, 0]);
  for (let now = SPAN; now < 3 * SPAN; now += 4_000) window.add(now, true);
  assert.deepEqual([window.total, window.failures], [3, 3]);
});

/** Pauses of less than a bucket, of some buckets, of about the window, and far longer. */
const pause = (unit: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: BUCKETS - 2, max: BUCKETS + 3 }),
    fc.integer({ min: 0, max: 1_000 }),
  ).map((units) => units * unit);

const outcomes = (unit: number) =>
  fc.array(fc.record({ pause: pause(unit), failed: fc.boolean() }), { maxLength: 60, size: "max" });

/** Counts those of the last `span` milliseconds by looking at all. */
function count(all: readonly { at: number; failed: boolean }[], now: number, span: number): [number, number] {
  const held = all.filter(({ at }) => now - at <= span);
  return [held.length, held.filter(({ failed }) => failed).length];
}

Deno.test("property: on the grid of its buckets a window counts exactly what the last `span` holds", () => {
  fc.assert(fc.property(outcomes(BUCKET), fc.nat(1_000), (list, start) => {
    const window = new SlidingWindow(SPAN), all: { at: number; failed: boolean }[] = [];
    let now = start * BUCKET;
    for (const { pause, failed } of list) {
      window.add(now += pause, failed);
      all.push({ at: now, failed });
      assert.deepEqual([window.total, window.failures], count(all, now, SPAN));
    }
  }));
});

Deno.test("property: at any time a window holds all of the last `span`, and nothing older than a bucket more", () => {
  const span = fc.constantFrom(1_000, 7_777, 60_000, 3_600_000);
  fc.assert(fc.property(span, fc.double({ min: 0, max: 1e9, noNaN: true }), outcomes(0.37), (span, start, list) => {
    const window = new SlidingWindow(span), all: { at: number; failed: boolean }[] = [];
    let now = start;
    for (const { pause, failed } of list) {
      window.add(now += pause * span / 37, failed);
      all.push({ at: now, failed });
      const least = count(all, now, span * (1 - 1e-9)), most = count(all, now, span * (1 + 1 / BUCKETS + 1e-9));
      assert.ok(window.total >= least[0] && window.total <= most[0], `${window.total}: ${least[0]} to ${most[0]}`);
      assert.ok(window.failures >= least[1] && window.failures <= most[1]);
    }
  }));
});
