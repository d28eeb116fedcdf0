import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  combined,
  completingFields,
  hasRanges,
  missingRange,
  partOf,
  wholeLength,
} from "../../../../src/policies/cache/ranges/partial.ts";
import type { StoredResponse } from "../../../../src/policies/cache/stored_response.ts";
import { DATE, HOUR_AGO, storedAnswer } from "../selection/stored_answer.ts";

const WHOLE = "abcdefghijklmnopqrst";

/** The bytes of the whole from `first` to `end`, which is not included. */
function partAt(
  first: number,
  end: number,
  fields: readonly string[] = ["etag", '"a"'],
  more: Partial<StoredResponse> = {},
) {
  const range = ["content-range", `bytes ${first}-${end - 1}/${WHOLE.length}`, "content-length", String(end - first)];
  return storedAnswer([...fields, ...range], {
    status: 206,
    body: new TextEncoder().encode(WHOLE.slice(first, end)),
    part: { first, length: WHOLE.length },
    ...more,
  });
}

const text = (answer: StoredResponse | null) => answer === null ? null : new TextDecoder().decode(answer.body);

const PARTS: readonly (readonly [value: string, bodyLength: number, part: readonly [number, number] | null])[] = [
  ["bytes 0-4/10", 5, [0, 10]],
  ["bytes 5-9/10", 5, [5, 10]],
  ["Bytes 0-9/10", 10, [0, 10]],
  ["bytes 4-9/10", 5, null],
  ["bytes 0-4/10", 4, null],
  ["bytes 0-4/*", 5, null],
  ["bytes */10", 0, null],
  ["bytes 0-9/5", 10, null],
  ["bytes 5-10/10", 6, null],
  ["bytes 5-4/10", 0, null],
  ["bytes  0-4/10", 5, null],
  ["bytes=0-4/10", 5, null],
  ["bytes 0-4", 5, null],
  ["lines 0-4/10", 5, null],
  ["bytes -1-3/10", 5, null],
  [`bytes 0-4/${"9".repeat(20)}`, 5, null],
  ["", 0, null],
];

Deno.test("a part is one where all that is said of it fits together", async (t) => {
  for (const [value, bodyLength, part] of PARTS) {
    await t.step(`${value} ${bodyLength}`, () => {
      const expected = part === null ? null : { first: part[0], length: part[1] };
      assert.deepEqual(partOf(206, ["content-range", value], bodyLength), expected);
    });
  }
  assert.equal(partOf(200, ["content-range", "bytes 0-4/10"], 5), null);
  assert.equal(partOf(206, ["content-range", "bytes 0-4/10", "content-range", "bytes 0-4/10"], 5), null);
  assert.equal(partOf(206, ["content-type", "multipart/byteranges; boundary=a"], 5), null);
});

Deno.test("ranges are in a part or are not", () => {
  const part = partAt(5, 10);
  assert.equal(wholeLength(part), 20);
  assert.ok(hasRanges(part, [{ first: 5, last: 9 }]));
  assert.ok(hasRanges(part, [{ first: 5, last: 5 }, { first: 9, last: 9 }]));
  assert.ok(!hasRanges(part, [{ first: 4, last: 9 }]));
  assert.ok(!hasRanges(part, [{ first: 5, last: 10 }]));
  assert.ok(!hasRanges(part, [{ first: 5, last: 9 }, { first: 19, last: 19 }]));
  assert.ok(hasRanges(storedAnswer([]), [{ first: 0, last: 9 }]));
});

Deno.test("the missing end, or the missing beginning, is asked for, if it can be put to the rest", () => {
  assert.deepEqual(missingRange(partAt(0, 5)), { first: 5, last: 19 });
  assert.deepEqual(missingRange(partAt(5, 20)), { first: 0, last: 4 });
  assert.equal(missingRange(partAt(5, 10)), null);
  assert.equal(missingRange(partAt(0, 20)), null);
  assert.equal(missingRange(storedAnswer([])), null);
  assert.deepEqual(completingFields(partAt(0, 5)), ["range", "bytes=5-", "if-range", '"a"']);
  assert.deepEqual(completingFields(partAt(5, 20)), ["range", "bytes=0-4", "if-range", '"a"']);
  assert.equal(completingFields(partAt(0, 5, ["etag", 'W/"a"'])), null);
  assert.equal(completingFields(partAt(0, 5, [])), null);
  assert.equal(completingFields(partAt(5, 10)), null);
});

Deno.test("two parts that touch are one, and all of them the whole", () => {
  const one = combined(partAt(5, 10), partAt(10, 12))!;
  assert.equal(text(one), WHOLE.slice(5, 12));
  assert.deepEqual([one.status, one.part], [206, { first: 5, length: 20 }]);
  assert.deepEqual(one.fields.slice(-2), ["content-range", "bytes 5-11/20"]);
  assert.ok(!one.fields.includes("content-length"));
  const whole = combined(combined(one, partAt(0, 6))!, partAt(11, 20))!;
  assert.equal(text(whole), WHOLE);
  assert.deepEqual([whole.status, whole.part], [200, null]);
  assert.deepEqual(whole.fields.slice(-2), ["content-length", "20"]);
  assert.ok(!whole.fields.includes("content-range"));
});

const OTHERS: readonly (readonly [name: string, kept: StoredResponse, later: StoredResponse])[] = [
  ["there is a gap", partAt(0, 5), partAt(6, 10)],
  ["there is a gap of one byte", partAt(0, 5), partAt(6, 7)],
  ["the tag is another", partAt(0, 5), partAt(5, 10, ["etag", '"b"'])],
  ["the tags are weak", partAt(0, 5, ["etag", 'W/"a"']), partAt(5, 10, ["etag", 'W/"a"'])],
  ["there is a date only", partAt(0, 5, ["last-modified", HOUR_AGO]), partAt(5, 10, ["last-modified", HOUR_AGO])],
  ["there are no tags", partAt(0, 5, []), partAt(5, 10, [])],
  ["the whole has another length", partAt(0, 5), partAt(5, 10, undefined, { part: { first: 5, length: 21 } })],
  ["both have a byte and differ in it", partAt(0, 5), partAt(4, 10, undefined, { body: new Uint8Array(6) })],
  ["one is the whole", storedAnswer(["etag", '"a"']), partAt(5, 10)],
];

Deno.test("parts are not put together where", async (t) => {
  for (const [name, kept, later] of OTHERS) {
    await t.step(name, () => {
      assert.equal(combined(kept, later), null);
      assert.equal(combined(later, kept), null);
    });
  }
});

Deno.test("what is put together has no digest of a part", () => {
  const fields = ["etag", '"a"', "content-digest", "sha-256=:YQ==:", "content-md5", "YQ==", "repr-digest", "x"];
  const names = combined(partAt(0, 5, fields), partAt(5, 20, fields))!.fields.filter((_, i) => i % 2 === 0);
  assert.deepEqual(names, ["date", "etag", "repr-digest", "content-length"]);
});

Deno.test("what is put together says what was said last, and is good as long as either is", () => {
  const kept = partAt(0, 5, ["etag", '"a"', "x-kept", "1", "cache-control", "no-cache"], {
    freshness: { ...storedAnswer([]).freshness, lifetime: 5, noCache: true, staleIfError: 9, immutable: true },
    vary: ["foo"],
    tags: ["t1"],
  });
  const later = partAt(5, 10, ["etag", '"a"', "cache-control", "max-age=60"], {
    freshness: { ...storedAnswer([]).freshness, initialAge: 3, mustRevalidate: true, staleWhileRevalidate: 9 },
    receivedAt: 7,
    took: 2,
    vary: ["bar"],
    tags: ["t2"],
  });
  const { fields, freshness, receivedAt, took, vary, tags } = combined(kept, later)!;
  assert.deepEqual(fields, [
    ...["x-kept", "1", "date", DATE, "etag", '"a"', "cache-control", "max-age=60", "content-range", "bytes 0-9/20"],
  ]);
  assert.deepEqual(freshness, {
    initialAge: 3,
    lifetime: 5,
    staleWhileRevalidate: 0,
    staleIfError: 0,
    mustRevalidate: true,
    noCache: true,
    immutable: false,
  });
  assert.deepEqual([receivedAt, took, vary, tags], [7, 2, ["bar", "foo"], ["t1", "t2"]]);
});

Deno.test("whatever parts come, what is put together is what the whole has there", () => {
  const at = fc.integer({ min: 0, max: WHOLE.length });
  const part = fc.tuple(at, at).filter(([first, end]) => first < end).map(([first, end]) => partAt(first, end));
  fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 10 }), (parts) => {
    let all = parts[0];
    for (const later of parts) all = combined(all, later) ?? all;
    const first = all.part?.first ?? 0;
    assert.equal(text(all), WHOLE.slice(first, first + all.body.length));
    assert.equal(all.status, all.body.length === WHOLE.length ? 200 : 206);
  }));
});
