import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type ByteRange, byteRanges } from "../../../../src/policies/cache/ranges/byte_ranges.ts";

type Asked = string | readonly (readonly [first: number, last: number])[];

/** Of 10,000 bytes: the examples of RFC 9110 §14.1.2, and what else there is. */
const ROWS: readonly (readonly [value: string, asked: Asked])[] = [
  ["bytes=0-499", [[0, 499]]],
  ["bytes=500-999", [[500, 999]]],
  ["bytes=-500", [[9500, 9999]]],
  ["bytes=9500-", [[9500, 9999]]],
  ["bytes=0-0,-1", [[0, 0], [9999, 9999]]],
  ["bytes= 0-999, 4500-5499, -1000", [[0, 999], [4500, 5499], [9000, 9999]]],
  ["bytes=500-600,601-999", [[500, 600], [601, 999]]],
  ["BYTES=0-0", [[0, 0]]],
  ["bytes=,,0-0 ,", [[0, 0]]],
  ["bytes=5000-5009,0-9", [[5000, 5009], [0, 9]]],
  ["bytes=0-", [[0, 9999]]],
  ["bytes=-20000", [[0, 9999]]],
  ["bytes=9999-20000", [[9999, 9999]]],
  [`bytes=1-${"9".repeat(400)}`, [[1, 9999]]],
  [`bytes=-${"9".repeat(400)}`, [[0, 9999]]],
  ["bytes=00001-00002", [[1, 2]]],
  ["bytes=10000-,0-1", [[0, 1]]],
  ["bytes=10000-", "unsatisfiable"],
  ["bytes=10000-20000,-0", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  [`bytes=${"9".repeat(400)}-`, "unsatisfiable"],
  ["bytes=500-700,601-999", "ignore"],
  ["bytes=0-1,0-1", "ignore"],
  ["bytes=0-4999,5000-9999", "ignore"],
  ["bytes=5-4", "ignore"],
  ["bytes=0-1,5-4", "ignore"],
  ["bytes=10001-10000", "ignore"],
  ["bytes=", "ignore"],
  ["bytes=,", "ignore"],
  ["bytes=-", "ignore"],
  ["bytes=a-b", "ignore"],
  ["bytes=1", "ignore"],
  ["bytes=1-2-3", "ignore"],
  ["bytes=--1", "ignore"],
  ["bytes=+1-2", "ignore"],
  ["bytes=0x1-2", "ignore"],
  ["bytes=1 -2", "ignore"],
  ["bytes=1.0-2", "ignore"],
  ["bytes=\u0661-2", "ignore"],
  ["bytes 0-1", "ignore"],
  ["bytes =0-1", "ignore"],
  ["lines=0-1", "ignore"],
  ["bytes=0-1;2-3", "ignore"],
  ["", "ignore"],
  [`bytes=${manyRanges(16)}`, Array.from({ length: 16 }, (_, i) => [10 * i, 10 * i] as const)],
  [`bytes=${manyRanges(17)}`, "ignore"],
  [`bytes=${",".repeat(100_000)}0-1`, "ignore"],
];

function manyRanges(count: number): string {
  return Array.from({ length: count }, (_, i) => `${10 * i}-${10 * i}`).join(",");
}

Deno.test("byteRanges() reads what is asked for, or leaves it", async (t) => {
  for (const [value, asked] of ROWS) {
    await t.step(value.slice(0, 40), () => {
      const seen = byteRanges(value, 10_000);
      assert.deepEqual(typeof seen === "string" ? seen : seen.map(({ first, last }) => [first, last]), asked);
    });
  }
});

Deno.test("nothing is a part of a whole without content", () => {
  for (const value of ["bytes=0-", "bytes=-1", "bytes=0-0"]) assert.equal(byteRanges(value, 0), "ignore");
});

/** RFC 9110 §14.1.2 for one range, byte by byte. */
function modelOf([first, last]: readonly [number | null, number | null], length: number): number[] {
  const all = Array.from({ length }, (_, i) => i);
  if (first === null) return last === 0 ? [] : all.slice(-last!);
  return all.filter((at) => at >= first && (last === null || at <= last));
}

Deno.test("a range has the bytes that are asked for, as far as there are any", () => {
  const at = fc.integer({ min: 0, max: 12 });
  const spec = fc.oneof(fc.tuple(at, at), fc.tuple(at, fc.constant(null)), fc.tuple(fc.constant(null), at));
  fc.assert(fc.property(spec, fc.integer({ min: 1, max: 10 }), ([first, last], length) => {
    const seen = byteRanges(`bytes=${first ?? ""}-${last ?? ""}`, length);
    if (first !== null && last !== null && last < first) return assert.equal(seen, "ignore");
    const bytes = modelOf([first, last], length);
    if (bytes.length === 0) return assert.equal(seen, "unsatisfiable");
    assert.deepEqual(seen, [{ first: bytes[0], last: bytes.at(-1) }]);
  }));
});

Deno.test("no list of ranges has a byte twice, or more than the whole", () => {
  const at = fc.integer({ min: 0, max: 1_000 });
  const specs = fc.array(fc.tuple(at, at), { minLength: 2, maxLength: 8 });
  fc.assert(fc.property(specs, fc.integer({ min: 1, max: 1_000 }), (specs, length) => {
    const value = specs.map(([first, size]) => `${first}-${first + size % 100}`).join(",");
    const ranges = byteRanges(`bytes=${value}`, length);
    if (typeof ranges === "string") return;
    const bytes = ranges.flatMap(({ first, last }: ByteRange) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i)
    );
    assert.equal(new Set(bytes).size, bytes.length);
    assert.ok(bytes.every((at) => at < length));
  }));
});

Deno.test("no value makes it throw", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."bytes=-,0123456789 ") }), fc.nat(), (value, length) => {
    byteRanges(value, length);
    byteRanges(`bytes=${value}`, length);
  }));
});
