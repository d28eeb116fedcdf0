import assert from "node:assert/strict";
import fc from "fast-check";
import { KeyTable } from "../../../src/state/table/key_table.ts";
import { countsOf, read, write } from "./counted.ts";

function tableOf(places: number, size: number, window?: number): KeyTable {
  return new KeyTable(new ArrayBuffer(KeyTable.bytes(places, size)), 0, places, size, window);
}

/** Hashes that crowd few places, at the table's end as well; with 0 and 0, which stands for an empty place and so becomes 0 and 1. */
const hashes = fc.record({ high: fc.integer({ min: -1, max: 1 }), low: fc.integer({ min: -3, max: 2 }) })
  .filter(({ high, low }) => high !== 0 || low !== 1);

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("pass" as const), time: fc.integer({ min: 1, max: 4 }) }),
    fc.record({
      kind: fc.constant("write" as const),
      hash: hashes,
      lasts: fc.integer({ min: 1, max: 9 }),
      used: fc.integer({ min: 0, max: 9 }),
    }),
  ),
  { maxLength: 80 },
);

Deno.test("KeyTable remembers what a map does, until it may be forgotten", () => {
  fc.assert(fc.property(steps, (steps) => {
    const counts = countsOf(tableOf(32, 2)), map = new Map<string, readonly number[]>();
    let now = 100;
    for (const step of steps) {
      if (step.kind === "pass") now += step.time;
      else {
        const numbers = [now + step.lasts, step.used];
        write(counts, step.hash, now, numbers);
        map.set(JSON.stringify(step.hash), numbers);
      }
      for (const [key, numbers] of map) {
        if (numbers[0] > now) assert.deepEqual(read(counts, nameless(JSON.parse(key)), now, 2), numbers, key);
      }
    }
  }));
});

Deno.test("KeyTable forgets the key of a full window that has used least, and of those the first to be forgotten", () => {
  const used = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(3), fc.nat(3)), { minLength: 8, maxLength: 8 });
  fc.assert(fc.property(used, fc.integer({ min: -40, max: 40 }), (used, first) => {
    const counts = countsOf(tableOf(8, 3));
    used.forEach((numbers, i) => write(counts, { high: 1, low: first + i }, 0, numbers));
    write(counts, { high: 2, low: first }, 0, [1, 0, 0]);
    const rank = ([time, ...further]: readonly number[]) => 100 * further.reduce((sum, number) => sum + number) + time;
    const left = used.filter((numbers, i) => {
      const found = read(counts, { high: 1, low: first + i }, 0, 3);
      if (found !== null) assert.deepEqual(found, numbers);
      return found !== null;
    });
    assert.equal(left.length, 7);
    const [gone] = used.filter((numbers) => !left.includes(numbers));
    assert.equal(rank(gone), Math.min(...used.map(rank)));
  }));
});

Deno.test("KeyTable with one number a key forgets the first to be forgotten", () => {
  const counts = countsOf(tableOf(4, 1));
  [30, 10, 40, 20].forEach((until, low) => write(counts, { high: 1, low }, 0, [until]));
  write(counts, { high: 2, low: 2 }, 0, [50]);
  assert.deepEqual([0, 1, 2, 3].map((low) => read(counts, { high: 1, low }, 0, 1)), [[30], null, [40], [20]]);
});

Deno.test("KeyTable looks for a key in its window only", () => {
  const table = tableOf(64, 1, 4), counts = countsOf(table);
  for (let low = 0; low < 8; low++) write(counts, { high: 1, low }, 0, [10]);
  const full = ~table.find({ high: 2, low: 2 }, 0), next = ~table.find({ high: 2, low: 5 }, 0);
  assert.deepEqual([table.isTaken(full, 0), table.isTaken(next, 0), next], [true, false, 2 * 8 + 1]);
});

Deno.test("KeyTable says nothing of a key that it was only asked about", () => {
  const table = tableOf(16, 1), before = table.numbers.slice();
  assert.ok(table.find({ high: 3, low: 4 }, 0) < 0);
  assert.deepEqual(table.numbers, before);
});

Deno.test("KeyTable is copied without what may be forgotten", () => {
  const from = tableOf(16, 2), to = tableOf(32, 2), small = tableOf(2, 2), hash = (low: number) => ({ high: 7, low });
  for (let low = 0; low < 8; low++) write(countsOf(from), hash(low), 0, [low, 10 + low]);
  assert.equal(from.copyInto(to, 3), true);
  for (let low = 0; low < 8; low++) {
    assert.deepEqual(read(countsOf(to), hash(low), 3, 2), low <= 3 ? null : [low, 10 + low]);
  }
  assert.equal(from.copyInto(small, 3), false);
});

Deno.test("KeyTable finds in the same bytes what another has left there", () => {
  const memory = new SharedArrayBuffer(8 + KeyTable.bytes(16, 1)), hash = { high: 0, low: 0 };
  write(countsOf(new KeyTable(memory, 8, 16, 1)), hash, 0, [5]);
  assert.deepEqual(read(countsOf(new KeyTable(memory, 8, 16, 1)), hash, 0, 1), [5]);
});

/** An object of one shape, whatever JSON made. */
function nameless({ high, low }: { high: number; low: number }): { high: number; low: number } {
  return { high, low };
}
