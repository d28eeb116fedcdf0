import { strict as assert } from "node:assert";
import { gradientOf, nextLimit } from "../../../../src/policies/traffic/overload/gradient.ts";

const SEEN = { limit: 16, minRtt: 10, latency: 10, peak: 16 };

Deno.test("the gradient is the allowed latency by the present one, from a half to one", () => {
  const cases: [latency: number, gradient: number][] = [[1, 1], [10, 1], [12.5, 1], [15.625, 0.8], [25, 0.5], [
    1_000,
    0.5,
  ]];
  for (const [latency, gradient] of cases) {
    assert.equal(gradientOf({ ...SEEN, latency }, 0.25), gradient, `${latency} ms`);
  }
});

Deno.test("the limit goes half of the way to limit × gradient + its root", () => {
  const cases: [latency: number, next: number][] = [[10, 18], [12.5, 18], [
    15.625,
    16 + (12.8 + Math.sqrt(12.8) - 16) / 2,
  ]];
  for (const [latency, next] of cases) assert.equal(nextLimit({ ...SEEN, latency }, 0.25), next, `${latency} ms`);
  assert.equal(nextLimit({ ...SEEN, latency: 100 }, 0.25), 16 + (8 + Math.sqrt(8) - 16) / 2);
});

Deno.test("the limit does not grow where half of it was free, but it falls", () => {
  assert.equal(nextLimit({ ...SEEN, peak: 8 }, 0.25), 18);
  assert.equal(nextLimit({ ...SEEN, peak: 7 }, 0.25), 16);
  assert.ok(nextLimit({ ...SEEN, peak: 1, latency: 100 }, 0.25) < 16);
});
