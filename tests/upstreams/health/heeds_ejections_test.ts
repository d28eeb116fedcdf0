import { strict as assert } from "node:assert";
import { heedsEjections } from "../../../src/upstreams/health/heeds_ejections.ts";

Deno.test("heedsEjections() until too few are left", () => {
  const rows: [panicThreshold: number, total: number, ejected: number, heeds: boolean][] = [
    [0, 4, 0, true],
    [0, 4, 3, true],
    [0, 4, 4, false],
    [0, 1, 1, false],
    [0, 0, 0, false],
    [0.5, 4, 1, true],
    [0.5, 4, 2, true],
    [0.5, 4, 3, false],
    [0.29, 100, 71, true],
    [0.29, 100, 72, false],
    [1, 3, 0, true],
    [1, 3, 1, false],
  ];
  for (const [panicThreshold, total, ejected, heeds] of rows) {
    assert.equal(heedsEjections({ panicThreshold }, total, ejected), heeds, `${panicThreshold} ${total} ${ejected}`);
  }
});
