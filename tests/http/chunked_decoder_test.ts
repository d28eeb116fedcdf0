import { strict as assert } from "node:assert";
import fc from "fast-check";
import { ChunkedDecoder, ChunkError } from "../../src/http/chunked_decoder.ts";

const encode = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const decode = (bytes: Uint8Array) => String.fromCharCode(...bytes);

/** Decodes text in pieces that end at `cuts`. */
function decodeAll(text: string, cuts: readonly number[] = []): { data: string; rest: string; done: boolean } {
  const decoder = new ChunkedDecoder(), bytes = encode(text);
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let data = "", from = 0;
  for (const to of ends) {
    const piece = bytes.slice(from, to);
    const count = decoder.decode(piece, 0, piece.length);
    data += decode(piece.subarray(0, count));
    from += decoder.consumed;
    if (decoder.done) break;
    assert.equal(from, to, "everything is used before the end");
  }
  return { data, rest: text.slice(from), done: decoder.done };
}

Deno.test("decode() drops sizes, extensions and trailers", () => {
  const text = '5;a=b\r\nhello\r\n1;c="d"\r\n!\r\n0\r\nX-End: 1\r\n\r\nNEXT';
  assert.deepEqual(decodeAll(text), { data: "hello!", rest: "NEXT", done: true });
});

Deno.test("decode() takes sizes in either case and with leading zeros", () => {
  assert.equal(decodeAll("00A\r\n0123456789\r\n0\r\n\r\n").data, "0123456789");
  assert.equal(decodeAll("a\r\n0123456789\r\n000\r\n\r\n").data, "0123456789");
});

for (
  const [what, text] of [
    ["no size", "\r\n"],
    ["a sign", "+5\r\nhello\r\n"],
    ["a hex prefix", "0x5\r\nhello\r\n"],
    ["a space before the CRLF", "5 \r\nhello\r\n"],
    ["a space before the size", " 5\r\nhello\r\n"],
    ["a bare LF after the size", "5\nhello\r\n"],
    ["a bare LF after the data", "5\r\nhello\n"],
    ["data beyond the size", "5\r\nhello!\r\n"],
    ["a size that overflows", "fffffffffffff\r\n"],
    ["a bare LF after an extension", "5;a\nhello\r\n"],
    ["NUL in an extension", "5;a\0\r\nhello\r\n"],
    ["an endless extension", `5;${"a".repeat(2000)}`],
    ["a trailer without colon", "0\r\nabc\r\n\r\n"],
    ["a trailer with a space before the colon", "0\r\na : b\r\n\r\n"],
    ["a bare LF after a trailer", "0\r\na: b\n\r\n"],
    ["a bare LF at the end", "0\r\n\n"],
    ["endless trailers", `0\r\n${"a: b\r\n".repeat(2000)}`],
    ["a comma list of sizes", "5,5\r\nhello\r\n"],
  ]
) {
  Deno.test(`decode() refuses ${what} (RFC 9112 §7.1)`, () => assert.throws(() => decodeAll(text), ChunkError));
}

Deno.test("property: any body in any chunks and pieces comes out whole, and nothing behind it is touched", () => {
  const chunk = fc.string({ minLength: 1, maxLength: 20, unit: "binary-ascii" });
  fc.assert(
    fc.property(fc.array(chunk), fc.array(fc.nat()), fc.string({ unit: "binary-ascii" }), (chunks, cuts, rest) => {
      const text = chunks.map((data) => `${data.length.toString(16)}\r\n${data}\r\n`).join("") + "0\r\n\r\n";
      const result = decodeAll(text + rest, cuts);
      assert.equal(result.data, chunks.join(""));
      assert.ok(result.done);
      assert.equal(result.rest, rest);
    }),
  );
});

/** RFC 9112 §7.1 as regular expressions over the whole text; `null` where it is broken or not whole. */
function reference(text: string): string | null {
  let data = "";
  for (;;) {
    const size = /^([0-9A-Fa-f]{1,12})([\t ]*;[\t\x20-\x7e\x80-\xff]*)?\r\n/.exec(text);
    if (size === null) return null;
    const length = parseInt(size[1], 16);
    text = text.slice(size[0].length);
    if (length === 0) {
      return /^([!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n/.test(text) ? data : null;
    }
    if (text.slice(length, length + 2) !== "\r\n") return null;
    data += text.slice(0, length);
    text = text.slice(length + 2);
  }
}

Deno.test("property: mutated framing has the verdict and the data of a reference decoder", () => {
  const mutation = fc.tuple(
    fc.nat(),
    fc.nat(3),
    fc.constantFrom("\r", "\n", "\r\n", "0", "f", " ", ";", ":", "\0", ""),
  );
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 3 }), fc.array(fc.nat()), (mutations, cuts) => {
      let text = "3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\na: b\r\n\r\n";
      for (const [at, length, put] of mutations) {
        const place = at % text.length;
        text = text.slice(0, place) + put + text.slice(place + length);
      }
      let seen: string | null = null;
      try {
        const { data, done } = decodeAll(text, cuts);
        if (done) seen = data;
      } catch (error) {
        if (!(error instanceof ChunkError)) throw error;
      }
      assert.equal(seen, reference(text));
    }),
    { numRuns: 2000 },
  );
});
