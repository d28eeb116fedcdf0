/** A quick hash of text. @module */

/**
 * 32 bits of a text: FNV-1a over its UTF-16 units, with MurmurHash3's finaliser, as FNV alone leaves the upper bits of
 * short texts alike. The same in every process. Not for secrets, nor against people who look for collisions.
 */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixBits(hash);
}

/** MurmurHash3's finaliser: each bit of the input moves half of the output's. */
export function mixBits(bits: number): number {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
