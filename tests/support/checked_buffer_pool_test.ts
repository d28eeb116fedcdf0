import { strict as assert } from "node:assert";
import { CheckedBufferPool } from "./checked_buffer_pool.ts";

const CASES: readonly [what: string, run: (pool: CheckedBufferPool) => void, faults: readonly string[]][] = [
  ["a buffer that is taken, used and given back", (pool) => {
    for (let i = 0; i < 3; i++) {
      const buffer = pool.take();
      buffer.fill(i);
      pool.give(buffer);
    }
  }, []],
  ["one of another size", (pool) => pool.give(new Uint8Array(9)), []],
  ["one that is given back twice", (pool) => {
    const buffer = pool.take();
    pool.give(buffer);
    pool.give(buffer);
  }, ["a buffer was given back twice"]],
  ["one that never came from there", (pool) => pool.give(new Uint8Array(8)), [
    "a buffer was given to a pool it is not of",
  ]],
  ["one that is written to afterwards", (pool) => {
    const buffer = pool.take();
    pool.give(buffer);
    buffer[7] = 1;
    pool.take();
  }, ["a buffer was written to after it was given back"]],
];

for (const [what, run, expected] of CASES) {
  Deno.test(`CheckedBufferPool judges ${what}`, () => {
    const faults: string[] = [];
    run(new CheckedBufferPool(8, 2, (fault) => faults.push(fault)));
    assert.deepEqual(faults, expected);
  });
}

Deno.test("CheckedBufferPool leaves nothing of what a buffer held to whoever still reads it", () => {
  const pool = new CheckedBufferPool(8, 2, () => {}), buffer = pool.take();
  buffer.fill(1);
  pool.give(buffer);
  assert.ok(!buffer.includes(1));
});
