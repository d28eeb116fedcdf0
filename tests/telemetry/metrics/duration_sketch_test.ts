import { strict as assert } from "node:assert";
import fc from "fast-check";
import { DurationSketch } from "../../../src/telemetry/metrics/duration_sketch.ts";

Deno.test("DurationSketch tells each quantile within 4 %", () => {
  const durations = fc.array(fc.double({ min: 0.001, max: 1e8, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(fc.property(durations, fc.constantFrom(0.01, 0.5, 0.95, 0.99, 1), (values, share) => {
    const sketch = new DurationSketch();
    for (const value of values) sketch.add(value);
    const exact = values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1];
    const told = sketch.quantile(share)!;
    assert.ok(Math.abs(told - exact) <= 0.04 * exact, `${told} is told for ${exact}`);
  }));
});

Deno.test("DurationSketch takes anything: too short, too long and no duration", () => {
  const sketch = new DurationSketch();
  for (const value of [0, -1, NaN, 1e-30, 1e300, Infinity]) sketch.add(value);
  assert.ok(sketch.quantile(0.5)! < 0.002);
  assert.ok(sketch.quantile(1)! > 1e9);
});

Deno.test("DurationSketch has nothing to tell of nothing, and begins again", () => {
  const sketch = new DurationSketch();
  assert.equal(sketch.quantile(0.5), null);
  sketch.add(5);
  sketch.clear();
  assert.equal(sketch.quantile(0.5), null);
  sketch.add(100);
  assert.ok(sketch.quantile(0.01)! > 90);
});
