import { strict as assert } from "node:assert";
import fc from "fast-check";
import { ByteQueue } from "../../../src/runtime/h2/byte_queue.ts";

Deno.test("ByteQueue gives back what was put in, in any pieces", () => {
  const step = fc.oneof(
    fc.record({ push: fc.nat({ max: 3_000 }) }),
    fc.record({ take: fc.nat({ max: 3_000 }) }),
    fc.constantFrom({ all: true }, { clear: true }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const queue = new ByteQueue();
      let model: number[] = [], next = 0;
      for (const step of steps) {
        if ("push" in step) {
          const bytes = Uint8Array.from(
            { length: step.push + 2 },
            (_, i) => i === 0 || i > step.push ? 255 : next++ % 251,
          );
          queue.push(bytes, 1, 1 + step.push);
          model.push(...bytes.subarray(1, 1 + step.push));
          bytes.fill(255);
        } else if ("take" in step) {
          const into = new Uint8Array(step.take), count = queue.take(into);
          assert.deepEqual([...into.subarray(0, count)], model.splice(0, step.take));
        } else if ("all" in step) {
          assert.deepEqual([...queue.takeAll()], model);
          model = [];
        } else {
          assert.equal(queue.clear(), model.length);
          model = [];
        }
        assert.equal(queue.length, model.length);
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("ByteQueue: one byte at a time does not cost an object each", () => {
  const queue = new ByteQueue(), byte = new Uint8Array(1);
  for (let i = 0; i < 1_000; i++) queue.push(byte, 0, 1);
  // All of them share one block, which is handed out as it is.
  assert.equal(queue.takeAll().buffer.byteLength, 1_024);
});
