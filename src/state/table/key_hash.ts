/** Hashes of keys that nobody can aim. @module */

/** Where a hash puts its 64 bits, as two signed words: an object of the caller's, so that none is made for each key. */
export interface Hash64 {
  high: number;
  low: number;
}

/** What must be known to choose keys that meet. */
export type HashSecret = readonly [number, number];

/** A secret of the runtime's generator. */
export function hashSecret(): HashSecret {
  const [first, second] = crypto.getRandomValues(new Int32Array(2));
  return [first, second];
}

/** Rounds behind the message, for each half of the output. */
const FINAL_ROUNDS = 3;

/**
 * HalfSipHash-1-3 with 64 bits of output (Aumasson and Bernstein, 2012) over the text's UTF-16 units, two a word. Whoever
 * does not know the secret cannot choose texts that meet, neither to be counted with somebody else nor to crowd a place of
 * the table. Among a million keys, two meet by chance in one table out of 37 million.
 */
export function hashKey(text: string, [k0, k1]: HashSecret, into: Hash64): void {
  const { length } = text, words = length >> 1;
  let v0 = k0, v1 = k1 ^ 0xee, v2 = 0x6c796765 ^ k0, v3 = 0x74656462 ^ k1;
  for (let i = 0; i <= words + 2 * FINAL_ROUNDS; i++) {
    let word = 0;
    if (i < words) word = text.charCodeAt(2 * i) | text.charCodeAt(2 * i + 1) << 16;
    // The last word has the length in bytes on top of what is left.
    else if (i === words) word = length << 25 | ((length & 1) === 0 ? 0 : text.charCodeAt(2 * i));
    else if (i === words + 1) v2 ^= 0xee;
    else if (i === words + 1 + FINAL_ROUNDS) {
      into.low = v1 ^ v3;
      v1 ^= 0xdd;
    }
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = (v1 << 5 | v1 >>> 27) ^ v0;
    v0 = v0 << 16 | v0 >>> 16;
    v2 = (v2 + v3) | 0;
    v3 = (v3 << 8 | v3 >>> 24) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = (v3 << 7 | v3 >>> 25) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = (v1 << 13 | v1 >>> 19) ^ v2;
    v2 = v2 << 16 | v2 >>> 16;
    v0 ^= word;
  }
  into.high = v1 ^ v3;
}
