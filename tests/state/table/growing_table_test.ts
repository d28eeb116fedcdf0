import assert from "node:assert/strict";
import fc from "fast-check";
import { GrowingTable } from "../../../src/state/table/growing_table.ts";
import type { Hash64 } from "../../../src/state/table/key_hash.ts";
import { MODELLED } from "../limit_models.ts";
import { read, write } from "./counted.ts";

/** The hash of a number, spread as a key's would be (Steele and others' SplitMix, 2014). */
function hashOf(n: number): Hash64 {
  const mix = (word: number) => {
    word = Math.imul(word ^ word >>> 16, 0x85ebca6b);
    word = Math.imul(word ^ word >>> 13, 0xc2b2ae35);
    return word ^ word >>> 16;
  };
  return { high: mix(2 * n + 1), low: mix(n ^ 0x5bd1e995) };
}

/** What the largest of the built-in algorithms keeps for a key. */
const SIZE = Math.max(...MODELLED.map(({ algorithm }) => algorithm.size));

Deno.test("GrowingTable remembers what a map does, while it grows and forgets", () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 1, arbitrary: fc.record({ pass: fc.integer({ min: 1, max: 20 }) }) },
      { weight: 8, arbitrary: fc.record({ key: fc.nat(400), lasts: fc.integer({ min: 1, max: 60 }) }) },
    ),
    { minLength: 100, maxLength: 600, size: "max" },
  );
  fc.assert(
    fc.property(fc.constantFrom(400, 10_000), steps, (maxKeys, steps) => {
      const table = new GrowingTable(maxKeys, 2), map = new Map<number, readonly number[]>();
      let now = 0;
      for (const step of steps) {
        if ("pass" in step) now += step.pass;
        else {
          const numbers = [now + step.lasts, step.key];
          write(table, hashOf(step.key), now, numbers);
          map.set(step.key, numbers);
        }
      }
      for (const [key, numbers] of map) {
        if (numbers[0] > now) assert.deepEqual(read(table, hashOf(key), now, 2), numbers);
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("GrowingTable has a million keys in less than 150 MB, and grows no more", () => {
  const table = new GrowingTable(1_000_000, SIZE), now = 1;
  for (let n = 0; n < 1_000_000; n++) {
    const hash = hashOf(n), place = table.claim(hash, table.find(hash, now), now);
    table.numbers[place] = 2;
    table.numbers[place + 1] = n;
  }
  let known = 0;
  for (let n = 0; n < 1_000_000; n++) {
    const place = table.find(hashOf(n), now);
    if (place >= 0 && table.numbers[place + 1] === n) known++;
  }
  assert.equal(known, 1_000_000);
  const { bytes } = table;
  assert.ok(bytes <= 150_000_000, `${bytes} bytes`);
  for (let n = 1_000_000; n < 1_100_000; n++) write(table, hashOf(n), now, [2]);
  assert.equal(table.bytes, bytes);
});

Deno.test("GrowingTable takes at most four places a key, however many come", () => {
  for (const maxKeys of [64, 1000, 1025, 5000]) {
    const table = new GrowingTable(maxKeys, 1);
    for (let n = 0; n < 10 * maxKeys; n++) write(table, hashOf(n), 0, [1]);
    const places = table.bytes / 16;
    assert.ok(places >= maxKeys && places <= 4 * maxKeys, `${places} places for ${maxKeys} keys`);
  }
});

Deno.test("GrowingTable takes no more memory for keys that come when others may be forgotten", () => {
  const table = new GrowingTable(100_000, 1);
  let now = 0;
  const fill = (from: number) => {
    for (let n = from; n < from + 1000; n++) write(table, hashOf(n), now, [now + 10]);
  };
  fill(0);
  const { bytes } = table;
  for (let round = 1; round < 20; round++) {
    now += 10;
    fill(round * 1000);
  }
  assert.ok(table.bytes <= 2 * bytes, `${table.bytes} bytes, after ${bytes}`);
});

Deno.test("GrowingTable takes hardly anything before keys come", () => {
  const table = new GrowingTable(1_000_000, SIZE);
  assert.equal(table.bytes, 0);
  write(table, hashOf(1), 0, [1]);
  assert.ok(table.bytes <= 1000);
});
