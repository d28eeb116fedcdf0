import { strict as assert } from "node:assert";
import fc from "fast-check";
import { systemRandom } from "../../../../src/core/random.ts";
import { newSpanId, newTraceId } from "../../../../src/telemetry/traces/context/new_ids.ts";

const TRACE_ID = /^(?!0+$)[0-9a-f]{32}$/, SPAN_ID = /^(?!0+$)[0-9a-f]{16}$/;

Deno.test("property: ids are valid, whatever chance says", () => {
  const chance = fc.oneof(
    fc.constant(0),
    fc.constant(1 - Number.EPSILON / 2),
    fc.double({ min: 0, max: 0.999, noNaN: true }),
  );
  fc.assert(fc.property(fc.array(chance, { minLength: 4, maxLength: 4 }), (drawn) => {
    let next = 0;
    const random = () => drawn[next++ % 4];
    assert.match(newTraceId(random), TRACE_ID);
    assert.match(newSpanId(random), SPAN_ID);
  }));
});

Deno.test("each digit of an id takes each value", () => {
  const seen = Array.from({ length: 32 }, () => new Set<string>());
  for (let i = 0; i < 2000; i++) [...newTraceId(systemRandom)].forEach((digit, at) => seen[at].add(digit));
  for (const digits of seen) assert.equal(digits.size, 16);
});

Deno.test("ids do not meet", () => {
  assert.equal(new Set(Array.from({ length: 5000 }, () => newSpanId(systemRandom))).size, 5000);
});
