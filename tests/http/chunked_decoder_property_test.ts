import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { edited } from "../../bench/fuzz/generate/mutate.ts";
import { type ChunkReading, readChunks } from "../../bench/fuzz/models/chunk_model.ts";
import { ChunkedDecoder, ChunkError } from "../../src/http/chunked_decoder.ts";

/** Decodes each piece where it stands, between the bytes before it and those that will come: neither may matter nor change. */
function decode(text: string, cuts: readonly number[], margin: number): ChunkReading {
  const decoder = new ChunkedDecoder();
  const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  let data = "", at = 0;
  for (const to of ends) {
    const bytes = Buffer.from("5\r\n".repeat(margin) + text.slice(at) + "\r\n0\r\n\r\n", "latin1");
    const from = 3 * margin, end = from + to - at;
    const outside = () => [bytes.toString("latin1", 0, from), bytes.toString("latin1", end)], before = outside();
    let count: number;
    try {
      count = decoder.decode(bytes, from, end);
    } catch (error) {
      assert.ok(error instanceof ChunkError, String(error));
      return { verdict: "broken", data: "", trailers: [], end: 0 };
    }
    assert.deepEqual(outside(), before);
    data += bytes.toString("latin1", from, from + count);
    at += decoder.consumed;
    if (decoder.done) return { verdict: "whole", data, trailers: decoder.trailers ?? [], end: at };
    assert.equal(at, to, "every byte is used before the end");
  }
  return { verdict: "begun", data, trailers: [], end: 0 };
}

const extension = fc.constantFrom(
  "",
  ";a=b",
  ';c="d"',
  ...[1023, 1024, 1025].map((length) => ";" + "e".repeat(length)),
);
const data = fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 20 });
const chunk = fc.tuple(data, fc.constantFrom(0, 0, 12, 13), extension).map(
  ([data, digits, extension]) => `${data.length.toString(16).padStart(digits, "0")}${extension}\r\n${data}\r\n`,
);
const trailers = fc.constantFrom(
  "",
  "a: b\r\n",
  "A:\t b \r\nc:\r\n",
  ...[8186, 8187].map((n) => `a:${"b".repeat(n)}\r\n`),
);
const edit = fc.tuple(
  fc.nat(),
  fc.nat(3),
  fc.constantFrom("", "\r", "\n", "\r\n", "0", "f", " ", ";", ":", "\0", "\xff"),
);
/** Bodies at and beyond the limits, broken in up to two places. */
const body = fc.tuple(fc.array(chunk, { maxLength: 4 }), trailers, fc.array(edit, { maxLength: 2 })).map(
  ([chunks, fields, edits]) => edited(chunks.join("") + "0\r\n" + fields + "\r\nREST", edits),
);

Deno.test("property: decode() reads what a model reads, at and beyond its limits, in any pieces", () => {
  fc.assert(
    fc.property(body, fc.array(fc.nat(), { maxLength: 6 }), fc.nat(3), (text, cuts, margin) => {
      assert.deepEqual(decode(text, cuts, margin), readChunks(text));
    }),
    { numRuns: 500 },
  );
});

Deno.test("property: decode() in pieces that end anywhere never says whole too early, nor broken too late", () => {
  fc.assert(
    fc.property(body.filter((text) => text.length < 200), (text) => {
      for (let to = 0; to <= text.length; to++) {
        assert.equal(
          decode(text.slice(0, to), [to >> 1], 1).verdict,
          readChunks(text.slice(0, to)).verdict,
          `the first ${to} bytes`,
        );
      }
    }),
    { numRuns: 100 },
  );
});
