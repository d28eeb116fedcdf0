import { strict as assert } from "node:assert";
import fc from "fast-check";
import { LARGEST_BODY, readStored, storedBytes as bytesOf } from "../../../../src/policies/cache/tier/stored_bytes.ts";
import { ageAt, type StoredResponse } from "../../../../src/policies/cache/stored_response.ts";
import { COMPRESSIBLE, compressibleTypes } from "../../../../src/policies/shape/compress/compressible_types.ts";
import { stored } from "../stored.ts";

const isCompressible = compressibleTypes(COMPRESSIBLE);
const storedBytes = (answer: StoredResponse, now: number) => bytesOf(answer, now, isCompressible);

const ms = fc.integer({ min: 0, max: 1e9 });
const latin1 = fc.stringMatching(/^[\x21-\x7e\x80-\xff]{0,8}$/);
const answer = fc.record({
  status: fc.integer({ min: 200, max: 599 }),
  fields: fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), latin1)).map((fields) => fields.flat()),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 50 }),
    fc.uint8Array({ minLength: 1, maxLength: 4 }).map((some) =>
      new Uint8Array(4000).map((_, i) => some[i % some.length])
    ),
  ),
  part: fc.option(fc.record({ first: ms, length: ms }, { noNullPrototype: true })),
  took: ms,
  vary: fc.array(fc.stringMatching(/^[a-z-]{1,5}$/)),
  tags: fc.array(latin1),
  freshness: fc.record({
    initialAge: ms,
    lifetime: ms,
    staleWhileRevalidate: ms,
    staleIfError: ms,
    mustRevalidate: fc.boolean(),
    noCache: fc.boolean(),
    immutable: fc.boolean(),
  }),
});

Deno.test("an answer is read as it was written, older by the time that it was in the store", () => {
  fc.assert(fc.property(answer, ms, ms, ms, (answer, waited, kept, now) => {
    const written = { ...answer, receivedAt: 1000 }, bytes = storedBytes(written, 1000 + waited);
    const read = readStored({ bytes, age: kept, stale: null }, now)!;
    assert.equal(ageAt(read, now), answer.freshness.initialAge + waited + kept);
    const { receivedAt, freshness: { initialAge: _a, ...freshness }, ...rest } = read;
    const { receivedAt: _r, freshness: { initialAge: _b, ...expected }, ...others } = written;
    assert.equal(receivedAt, now);
    assert.deepEqual(freshness, expected);
    assert.deepEqual(rest, others);
  }));
});

Deno.test("after a soft purge an answer is stale, and the times begin for which it may be used nevertheless", () => {
  const bytes = storedBytes(stored({ freshness: { staleIfError: 10_000 } }), 1000);
  for (const [stale, lifetime] of [[null, 60_000], [4000, 2000], [0, 6000], [5000, 1000]] as const) {
    const read = readStored({ bytes, age: 5000, stale }, 777)!;
    assert.deepEqual([ageAt(read, 777), read.freshness.lifetime], [6000, lifetime]);
  }
  const old = storedBytes(stored({ freshness: { lifetime: 500 } }), 1000);
  assert.equal(readStored({ bytes: old, age: 5000, stale: 100 }, 0)!.freshness.lifetime, 500, "it was stale before");
});

Deno.test("long texts are written short; what is short, or compressed already, stays as it is", () => {
  const body = new TextEncoder().encode('{"name":"value"}'.repeat(200)), type = ["content-type", "application/json"];
  const sizes = [
    storedBytes(stored({ body, fields: type }), 0).length,
    storedBytes(stored({ body, fields: [...type, "content-encoding", "br"] }), 0).length,
    storedBytes(stored({ body, fields: ["content-type", "image/png"] }), 0).length,
    storedBytes(stored({ body: body.subarray(0, 1000), fields: type }), 0).length,
    storedBytes(stored({ body: crypto.getRandomValues(new Uint8Array(3200)), fields: type }), 0).length,
  ];
  assert.ok(sizes[0] < 500, `${sizes[0]}`);
  assert.ok(sizes.slice(1, 3).every((size) => size > 3200) && sizes[3] > 1000 && sizes[4] > 3200, `${sizes}`);
});

Deno.test("bytes that are no answer are none, whatever they are", () => {
  const text = (head: unknown, tail = "hello", version = 1) => {
    const bytes = new TextEncoder().encode(head instanceof RawJson ? head.text : JSON.stringify(head)),
      all = new Uint8Array(5 + bytes.length + tail.length);
    all[0] = version;
    new DataView(all.buffer).setUint32(1, bytes.length);
    all.set(bytes, 5);
    all.set(new TextEncoder().encode(tail), 5 + bytes.length);
    return all;
  };
  const { freshness: { initialAge: _, ...freshness }, body: _body, receivedAt: _at, ...rest } = stored();
  const head = { ...rest, freshness, age: 0, coding: "", length: 5 };
  const read = (bytes: Uint8Array) => readStored({ bytes, age: 0, stale: null }, 0);
  assert.deepEqual(read(text(head)), stored(), "else nothing below says anything");
  const wrong = [
    ...[{ status: "200" }, { fields: ["a"] }, { fields: [1, 2] }, { fields: null }, { vary: "a" }, { tags: [1] }],
    ...[{ part: undefined }, { part: 1 }, { part: { first: 0 } }, { age: null }, { took: "1" }, { length: 6 }, {
      length: null,
    }, {
      coding: "br",
    }],
    ...[{ coding: "zstd" }, { freshness: null }, { freshness: { ...freshness, lifetime: null } }],
    { freshness: { ...freshness, noCache: undefined } },
    ...[{ status: 99 }, { status: 200.5 }, { status: 600 }, { age: -1 }, { took: -1 }, {
      part: { first: -1, length: 5 },
    }],
    ...[{ fields: ["", "a"] }, { fields: ["a b", ""] }, { fields: ["a", "b\r\nc: d"] }, { fields: ["a", "\u0100"] }],
    ...[{ vary: ["a b"] }, { vary: [""] }, { freshness: { ...freshness, staleIfError: -1 } }],
  ];
  for (const change of wrong) assert.equal(read(text({ ...head, ...change })), null, JSON.stringify(change));
  assert.equal(read(text(head, "hello", 2)), null, "another version");
  assert.equal(read(text(head, "hell")), null, "cut");
  const longer = JSON.stringify({ ...head, freshness: { ...freshness, lifetime: 123 } }).replace("123", "1e999");
  assert.equal(read(text(new RawJson(longer))), null, "a number that is none");
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
    if (bytes.length > 0) bytes[0] = 1;
    assert.equal(read(bytes), null);
  }));
});

Deno.test("a few bytes that would become more than any answer has are none", () => {
  const body = new Uint8Array(LARGEST_BODY), fields = ["content-type", "text/plain"];
  const bytes = (body: Uint8Array) => storedBytes(stored({ body, fields }), 0);
  assert.ok(bytes(body).length < 2000);
  assert.equal(readStored({ bytes: bytes(body), age: 0, stale: null }, 0)!.body.length, LARGEST_BODY);
  assert.ok(readStored({ bytes: bytes(new Uint8Array(LARGEST_BODY + 1)), age: 0, stale: null }, 0) === null);
});

/** A head as it is. */
class RawJson {
  constructor(readonly text: string) {}
}
