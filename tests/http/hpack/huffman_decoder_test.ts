import { strict as assert } from "node:assert";
import fc from "fast-check";
import { CODE_LENGTHS, CODES, END_OF_STRING } from "../../../src/http/hpack/huffman_code.ts";
import { decodeHuffman, MOST_SYMBOLS_PER_BYTE } from "../../../src/http/hpack/huffman_decoder.ts";
import { huffmanBits, packed } from "./huffman_text.ts";

/** The decoded bytes, or `null` for a broken code. */
function decode(bytes: Uint8Array): Uint8Array | null {
  const into = new Uint8Array(Math.ceil(bytes.length * MOST_SYMBOLS_PER_BYTE));
  const count = decodeHuffman(bytes, 0, bytes.length, into);
  return count < 0 ? null : into.subarray(0, count);
}

Deno.test("the Huffman code is that of RFC 7541, Appendix B", () => {
  const rows: [symbol: number, code: number, bits: number][] = [
    [0, 0x1ff8, 13],
    [0x20, 0x14, 6],
    [0x30, 0x0, 5],
    [0x5a, 0xfd, 8],
    [0x61, 0x3, 5],
    [0x7a, 0x7b, 7],
    [0x7e, 0x1ffd, 13],
    [0x80, 0xfffe6, 20],
    [0xc0, 0x3ffffe0, 26],
    [0xfe, 0x7fffff0, 27],
    [0xff, 0x3ffffee, 26],
    [END_OF_STRING, 0x3fffffff, 30],
  ];
  for (const [symbol, code, bits] of rows) assert.deepEqual([CODES[symbol], CODE_LENGTHS[symbol]], [code, bits]);
  // A whole code: every sequence of bits is the beginning of one.
  assert.equal(CODE_LENGTHS.reduce((sum, bits) => sum + 2 ** -bits, 0), 1);
});

Deno.test("decodeHuffman() gives back what was encoded", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      assert.deepEqual(decode(packed(huffmanBits(bytes))), bytes);
    }),
    { numRuns: 300 },
  );
});

Deno.test("decodeHuffman() takes exactly what a decoder bit by bit takes", () => {
  const symbols = new Map(
    [...CODES].map((code, symbol) => [code.toString(2).padStart(CODE_LENGTHS[symbol], "0"), symbol]),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      let code = "", broken = false;
      const out: number[] = [];
      for (const bit of [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("")) {
        const symbol = symbols.get(code += bit);
        if (symbol === undefined) continue;
        broken ||= symbol === END_OF_STRING;
        out.push(symbol);
        code = "";
      }
      const expected = broken || code.length > 7 || code.includes("0") ? null : Uint8Array.from(out);
      assert.deepEqual(decode(bytes), expected);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("decodeHuffman() refuses padding that is none (RFC 7541 §5.2)", () => {
  const a = huffmanBits([0x61]);
  for (const padding of ["110", "011", "000", "11111111111", "111" + "1".repeat(24)]) {
    assert.equal(decode(packed(a + padding)), null, padding);
  }
  assert.deepEqual(decode(packed(a + "111")), Uint8Array.of(0x61));
  assert.equal(decode(packed(huffmanBits([0x61, END_OF_STRING, 0x61]))), null);
});
