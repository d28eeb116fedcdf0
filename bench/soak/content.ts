/** Bodies of which every 16 bytes say whose they are and where they belong. @module */

/** Bytes in which id, place and size stand together. */
const CELL_WORDS = 4;

/** The body of this id: no two ids share a cell, and no body has a cell twice. */
export function contentOf(id: number, size: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 16) * CELL_WORDS);
  for (let at = 0; at < words.length; at += CELL_WORDS) {
    words[at] = id;
    words[at + 1] = at;
    words[at + 2] = Math.imul(id, 0x9e3779b1) ^ at;
    words[at + 3] = size;
  }
  return new Uint8Array(words.buffer, 0, size);
}

/** What is wrong with the bytes that came as the body of this id, or `null`. */
export function wrongContent(bytes: Uint8Array, id: number, size: number): string | null {
  if (bytes.length !== size) return `${bytes.length} bytes in place of ${size}`;
  const wanted = contentOf(id, size);
  for (let at = 0; at < size; at++) {
    if (bytes[at] === wanted[at]) continue;
    const cell = at - at % 16, seen = Array.from(bytes.subarray(cell, cell + 16), (byte) => byte.toString(16));
    return `byte ${at} of ${size} of body ${id.toString(16)} is another's: ${seen.join(" ")}`;
  }
  return null;
}
