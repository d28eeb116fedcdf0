import { strict as assert } from "node:assert";
import { LatencyWindow } from "../../../../src/policies/traffic/overload/latency_window.ts";

function windowOf(size: number, ...samples: number[]): LatencyWindow {
  const window = new LatencyWindow(size);
  for (const ms of samples) window.add(ms);
  return window;
}

Deno.test("a percentile is the sample that its share of all does not exceed", () => {
  const cases: [samples: number[], share: number, ms: number][] = [
    [[7], 0.5, 7],
    [[7], 0.01, 7],
    [[3, 1, 2], 0.5, 2],
    [[4, 3, 2, 1], 0.5, 2],
    [[4, 3, 2, 1], 0.75, 3],
    [[4, 3, 2, 1], 0.99, 4],
    [[10, 9, 100], 0.5, 10],
  ];
  for (const [samples, share, ms] of cases) assert.equal(windowOf(8, ...samples).percentile(share), ms, `${samples}`);
});

Deno.test("requests without an answer count as slower than all that have one", () => {
  const window = windowOf(8, 1, 2, 3);
  assert.deepEqual([0, 1, 2, 3, 4].map((slower) => window.percentile(0.5, slower)), [2, 2, 3, 3, Infinity]);
});

Deno.test("where more samples come than there is room for, the latest count", () => {
  const window = windowOf(3, 100, 100, 1, 2, 3);
  assert.deepEqual([window.count, window.percentile(0.99)], [5, 3]);
  window.clear();
  window.add(9);
  assert.deepEqual([window.count, window.percentile(0.5)], [1, 9]);
});
