/** Writing more than a peer takes at once. @module */

/** Writes all of `bytes`, which are the stream's until this settles. @throws what the stream throws */
export async function writeAll(to: { write(bytes: Uint8Array): Promise<number> }, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(at === 0 ? bytes : bytes.subarray(at));
}
