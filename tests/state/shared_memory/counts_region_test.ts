import assert from "node:assert/strict";
import {
  CountsRegion,
  regionBytes,
  type RegionShape,
  TIME_STEP,
} from "../../../src/state/shared_memory/counts_region.ts";
import { StripeLocks } from "../../../src/state/shared_memory/stripe_locks.ts";

const SHAPE: RegionShape = { stripes: 4, places: 8, sizes: [1, 3] };

function memoryFor(shape: RegionShape): SharedArrayBuffer {
  return new SharedArrayBuffer(regionBytes(shape));
}

Deno.test("CountsRegion: whoever comes first decides, also about each half of the secret", () => {
  const memory = memoryFor(SHAPE), first = new CountsRegion(memory, SHAPE), second = new CountsRegion(memory, SHAPE);
  assert.deepEqual(first.secret([-5, 0]), [-5, 1]);
  assert.deepEqual(second.secret([8, 9]), [-5, 1]);
  assert.equal(second.epoch(Date.UTC(2026, 0, 1, 12, 30, 59)), Date.UTC(2026, 0, 1, 12, 30));
  assert.equal(first.epoch(Date.UTC(2027, 0, 1)), Date.UTC(2026, 0, 1, 12, 30));
});

Deno.test("CountsRegion refuses memory of another shape", () => {
  const of = (shape: RegionShape) => () => new CountsRegion(memoryFor(shape), SHAPE);
  assert.throws(of({ ...SHAPE, places: 16 }), /shared memory of another shape: \d+ bytes/);
  const memory = memoryFor(SHAPE);
  new CountsRegion(memory, { ...SHAPE, sizes: [3, 1] });
  assert.throws(() => new CountsRegion(memory, SHAPE), /another shape: 3 in word 8, not 1, where .*"sizes":\[1,3\]/);
});

Deno.test("CountsRegion gives each lock, time and table bytes of its own", () => {
  const memory = memoryFor(SHAPE), region = new CountsRegion(memory, SHAPE), { stripes } = SHAPE;
  const locks = new StripeLocks(region.words, region.locksAt, stripes, 7), secret = region.secret([3, 4]);
  for (let stripe = 0; stripe < stripes; stripe++) {
    locks.lock(stripe);
    region.times[stripe * TIME_STEP] = 1000 + stripe;
    SHAPE.sizes.forEach((_, limit) => region.table(stripe, limit).numbers.fill(10 * stripe + limit + 1));
  }
  const again = new CountsRegion(memory, SHAPE);
  for (let stripe = 0; stripe < stripes; stripe++) {
    assert.equal(again.times[stripe * TIME_STEP], 1000 + stripe);
    SHAPE.sizes.forEach((size, limit) => {
      const { numbers } = again.table(stripe, limit);
      assert.equal(numbers.length, SHAPE.places * (1 + size));
      assert.ok(numbers.every((number) => number === 10 * stripe + limit + 1), `${stripe} ${limit}`);
    });
    locks.unlock(stripe);
  }
  assert.deepEqual(again.secret([5, 6]), secret);
  assert.equal(memory.byteLength, again.table(3, 1).numbers.byteOffset + again.table(3, 1).numbers.byteLength);
});
