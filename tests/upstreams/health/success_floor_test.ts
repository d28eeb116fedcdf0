import { strict as assert } from "node:assert";
import fc from "fast-check";
import { successFloor } from "../../../src/upstreams/health/success_floor.ts";

/** Which of the rates are below the floor. */
function low(rates: readonly number[], deviations = 1.9): number[] {
  const floor = successFloor(rates, deviations);
  return rates.filter((rate) => rate < floor);
}

Deno.test("successFloor() is the mean less the deviations", () => {
  // Mean 0.8, variance (4 × 0.04 + 0.64) / 5 = 0.16, deviation 0.4.
  assert.ok(Math.abs(successFloor([1, 1, 1, 1, 0], 1) - 0.4) < 1e-8);
  assert.ok(Math.abs(successFloor([1, 1, 1, 1, 0], 1.9) - 0.04) < 1e-8);
});

Deno.test("successFloor() tells who stands out", () => {
  const rows: [rates: number[], low: number[]][] = [
    [[1, 1, 1, 1, 0.5], [0.5]],
    [[0.99, 0.98, 1, 0.99, 0.97, 0.6], [0.6]],
    [[0.99, 0.98, 1, 0.99, 0.97, 0.96], []],
    [[0.5, 0.5, 0.5, 0.5, 0.5], []],
    [[0, 0, 0, 0], []],
    [[1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0], [0, 0]],
  ];
  for (const [rates, expected] of rows) assert.deepEqual(low(rates), expected, JSON.stringify(rates));
});

Deno.test("nobody stands out among equals, nor above the mean, nor further than √(n − 1) deviations", () => {
  const rate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(rate, fc.integer({ min: 1, max: 50 }), (value, count) => {
    assert.deepEqual(low(new Array(count).fill(value), 0), []);
  }));
  fc.assert(
    fc.property(fc.array(rate, { minLength: 1 }), fc.double({ min: 0, max: 3, noNaN: true }), (rates, deviations) => {
      const mean = rates.reduce((sum, value) => sum + value, 0) / rates.length;
      assert.ok(low(rates, deviations).every((value) => value < mean));
      assert.deepEqual(low(rates, Math.sqrt(rates.length - 1) + 1e-6), []);
    }),
  );
});
