import assert from "node:assert/strict";
import fc from "fast-check";
import { type Hash64, hashKey, type HashSecret, hashSecret } from "../../../src/state/table/key_hash.ts";

/** Of the authors' vectors.h (`vectors_hsip64`): key 00 … 07, message 00 … of this length, two rounds a word and four at the end. */
const OFFICIAL: Readonly<Record<number, string>> = {
  0: "218d1f59b9b83cc8",
  1: "be552412f8387315",
  2: "064f39ef7c50eb57",
  3: "ce0f1a45f7060679",
  4: "d5e78a175be52ea1",
  7: "ff202728b07bc684",
  8: "edfee820bce4858c",
  15: "217d0bcb4e81c902",
  16: "7336aad25f7bf3b5",
  31: "863c7f155c34117c",
  63: "2ea63c71bf326087",
};

/** HalfSipHash-c-d as its authors write it down, with 64 bits of output: the low word first. */
function halfSipHash(message: Uint8Array, [k0, k1]: HashSecret, c: number, d: number): [low: number, high: number] {
  const v = Int32Array.of(k0, k1 ^ 0xee, 0x6c796765 ^ k0, 0x74656462 ^ k1);
  const turn = (word: number, by: number) => word << by | word >>> (32 - by);
  const rounds = (count: number) => {
    for (let i = 0; i < count; i++) {
      v[0] += v[1];
      v[1] = turn(v[1], 5) ^ v[0];
      v[0] = turn(v[0], 16);
      v[2] += v[3];
      v[3] = turn(v[3], 8) ^ v[2];
      v[0] += v[3];
      v[3] = turn(v[3], 7) ^ v[0];
      v[2] += v[1];
      v[1] = turn(v[1], 13) ^ v[2];
      v[2] = turn(v[2], 16);
    }
  };
  const padded = new Uint8Array(4 * (1 + Math.floor(message.length / 4)));
  padded.set(message);
  padded[padded.length - 1] = message.length;
  const words = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 4) {
    const word = words.getInt32(at, true);
    v[3] ^= word;
    rounds(c);
    v[0] ^= word;
  }
  v[2] ^= 0xee;
  rounds(d);
  const low = v[1] ^ v[3];
  v[1] ^= 0xdd;
  rounds(d);
  return [low, v[1] ^ v[3]];
}

function hashed(text: string, secret: HashSecret): Hash64 {
  const hash = { high: 0, low: 0 };
  hashKey(text, secret, hash);
  return hash;
}

Deno.test("the slow HalfSipHash of these tests is the authors'", () => {
  for (const [length, expected] of Object.entries(OFFICIAL)) {
    const message = Uint8Array.from({ length: Number(length) }, (_, i) => i);
    const words = Int32Array.from(halfSipHash(message, [0x03020100, 0x07060504], 2, 4));
    assert.equal(new Uint8Array(words.buffer).toHex(), expected, length);
  }
});

Deno.test("hashKey() is HalfSipHash-1-3 of a text's UTF-16 units", () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const text = fc.array(fc.nat(0xffff), { maxLength: 50 }).map((units) => String.fromCharCode(...units));
  fc.assert(fc.property(text, word, word, (text, first, second) => {
    const units = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
    const [low, high] = halfSipHash(new Uint8Array(units.buffer), [first, second], 1, 3);
    assert.deepEqual(hashed(text, [first, second]), { high, low });
  }));
});

Deno.test("hashKey() spreads keys that are alike over all parts of a table, by any of its bits", () => {
  const BINS = 256, KEYS = 100_000;
  for (const shift of [0, 8, 24]) {
    const low = new Array(BINS).fill(0), high = new Array(BINS).fill(0);
    for (let i = 0; i < KEYS; i++) {
      const hash = hashed(`10.${i >> 16}.${i >> 8 & 255}.${i & 255}`, [1, 2]);
      low[hash.low >>> shift & (BINS - 1)]++;
      high[hash.high >>> shift & (BINS - 1)]++;
    }
    for (const bins of [low, high]) {
      const expected = KEYS / BINS, chi = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      // χ² with 255 degrees of freedom: one in a million is above 376 or below 158.
      assert.ok(chi > 158 && chi < 376, `χ² is ${chi}`);
    }
  }
});

Deno.test("hashKey() says something else with another secret", () => {
  const secrets = [hashSecret(), hashSecret()];
  assert.notDeepEqual(secrets[0], secrets[1]);
  assert.notDeepEqual(hashed("192.0.2.1", secrets[0]), hashed("192.0.2.1", secrets[1]));
});
