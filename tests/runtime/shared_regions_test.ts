import { strict as assert } from "node:assert";
import { SharedRegions } from "../../src/runtime/shared_regions.ts";

Deno.test("region() gives the same memory to whoever asks for the same name, made of zeros", () => {
  const regions = new SharedRegions(), first = regions.region("a", 16);
  assert.equal(first.byteLength, 16);
  assert.deepEqual([...new Uint8Array(first)], Array(16).fill(0));
  new Uint8Array(first)[3] = 5;
  assert.equal(regions.region("a", 16), first);
  assert.notEqual(regions.region("b", 16), first);
});

Deno.test("region() gives no memory of another length than was asked for", () => {
  const regions = new SharedRegions();
  regions.region("a", 16);
  assert.throws(() => regions.region("a", 32), /^TypeError: the region a has 16 bytes, not 32$/);
});
