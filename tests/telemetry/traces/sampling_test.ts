import assert from "node:assert/strict";
import fc from "fast-check";
import { Share } from "../../../src/telemetry/traces/sampling.ts";

const LEAST = "f".repeat(18) + "0".repeat(14), MOST = "0".repeat(18) + "f".repeat(14);
const HALF = "f".repeat(18) + "8" + "0".repeat(13), BELOW_HALF = "f".repeat(18) + "7" + "f".repeat(13);

const CASES: readonly [share: number, traceId: string, has: boolean][] = [
  [0, MOST, false],
  [0, LEAST, false],
  [1, LEAST, true],
  [1, MOST, true],
  [0.5, HALF, true],
  [0.5, BELOW_HALF, false],
  [0.25, HALF, false],
  [0.75, BELOW_HALF, true],
  [1e-9, MOST, true],
  [1e-9, HALF, false],
];

for (const [share, traceId, has] of CASES) {
  Deno.test(`a share of ${share} ${has ? "has" : "does not have"} ${traceId}`, () => {
    assert.equal(new Share(share).has(traceId), has);
  });
}

const ids = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 32, maxLength: 32 });
const shares = fc.double({ min: 0, max: 1, noNaN: true });

Deno.test("what is in a share is in every larger one", () => {
  fc.assert(fc.property(ids, shares, shares, (id, a, b) => {
    const [less, more] = [new Share(Math.min(a, b)), new Share(Math.max(a, b))];
    assert.ok(!less.has(id) || more.has(id));
  }));
});

Deno.test("a share is what the last 56 bits say of it", () => {
  fc.assert(fc.property(ids, shares, (id, share) => {
    const from = BigInt(Math.round((1 - share) * 2 ** 56));
    assert.equal(new Share(share).has(id), BigInt("0x" + id.slice(18)) >= from);
  }));
});
