import { strict as assert } from "node:assert";
import fc from "fast-check";
import { applyMask, newMask } from "../../../src/http/websocket/mask.ts";

const key = fc.uint8Array({ minLength: 4, maxLength: 4 });
const bytes = fc.uint8Array({ maxLength: 40 });

Deno.test("property: applyMask() is the xor of RFC 6455 §5.3 and touches nothing else", () => {
  fc.assert(fc.property(bytes, key, fc.nat(20), fc.nat(), fc.nat(), (bytes, key, position, a, b) => {
    const ends = [a % (bytes.length + 1), b % (bytes.length + 1)];
    const from = Math.min(...ends), to = Math.max(...ends);
    const expected = bytes.map((byte, i) => i < from || i >= to ? byte : byte ^ key[(i - from + position) % 4]);
    applyMask(bytes, from, to, key, position);
    assert.deepEqual(bytes, expected);
  }));
});

Deno.test("property: a mask comes off in pieces of any size", () => {
  fc.assert(fc.property(bytes, key, fc.nat(), (bytes, key, cut) => {
    const masked = bytes.slice(), at = cut % (bytes.length + 1);
    applyMask(masked, 0, masked.length, key, 0);
    applyMask(masked, 0, at, key, 0);
    applyMask(masked, at, masked.length, key, at);
    assert.deepEqual(masked, bytes);
  }));
});

Deno.test("newMask() makes keys of four bytes that differ", () => {
  const keys = Array.from({ length: 20 }, newMask);
  assert.ok(keys.every((key) => key.length === 4));
  assert.ok(new Set(keys.map((key) => key.join())).size > 1);
});
