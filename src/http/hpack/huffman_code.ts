/** The Huffman code of HPACK (RFC 7541, Appendix B). @module */

/** The symbol that ends no text: it stands for padding only (§5.2). */
export const END_OF_STRING = 256;

/**
 * Bits of each symbol's code, bytes 0 to 255 and then {@link END_OF_STRING}, as letters: A is 0. The code is canonical
 * (codes of one length are consecutive numbers in the symbols' order), so the lengths are all that has to be written down.
 */
const LENGTHS =
  "NX]]]]]]]Y_]]_]]]]]]]]_]]]]]]]]]GKKMNGILKKILIGGGFFFGGGGGGGHIPGMKNGHHHHHHHHHHHHHHHHHHHHHHIHINTNOGPFGFGFGGGFHHGGGFGHGFFGHHHHHPLON]" +
  "UWUUWWWXWXXXXXYXYYWXYXXXXVWXWXXYWVUWWXXVXWWYVWXXVVWVXWXXUWWWXWWX[[UTWXWZ[[[\\\\[YZTV[\\\\[\\YVV[[]\\\\\\UYUVWVVXWWZZYY[X[\\[[\\\\\\\\\\]\\\\\\\\\\[_";
const ZERO = "A".charCodeAt(0);

/** Bits of each symbol's code. */
export const CODE_LENGTHS: Uint8Array = Uint8Array.from(LENGTHS, (letter) => letter.charCodeAt(0) - ZERO);

/** Each symbol's code, right-aligned. */
export const CODES: Uint32Array = canonicalCodes(CODE_LENGTHS);

function canonicalCodes(lengths: Uint8Array): Uint32Array {
  const codes = new Uint32Array(lengths.length);
  const order = [...lengths.keys()].sort((a, b) => lengths[a] - lengths[b] || a - b);
  let code = 0, length = lengths[order[0]];
  for (const symbol of order) {
    code *= 2 ** (lengths[symbol] - length);
    length = lengths[symbol];
    codes[symbol] = code++;
  }
  return codes;
}
