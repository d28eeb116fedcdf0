/** Bodies that are needed whole. @module */

import type { Body } from "../core/body.ts";
import { isBodySource } from "../core/body.ts";

/** Bytes that there is room for before any has come. */
const FIRST_ROOM = 4 * 1024;

/**
 * All of a body, or `null` when it has more than `most` bytes: then it is cancelled. What the sender's time limits are is
 * the source's own business.
 *
 * @throws BodyError when it breaks off
 */
export async function wholeBody(body: Exclude<Body, null>, most: number): Promise<Uint8Array | null> {
  if (!isBodySource(body)) return body.length > most ? null : body;
  const { length = FIRST_ROOM } = body;
  // One byte more than there may be, to see whether there is.
  let bytes = new Uint8Array(Math.min(length, most) + 1), count = 0;
  for (;;) {
    const read = body.length !== undefined && body.length > most ? most + 1 : body.read(bytes.subarray(count));
    const got = typeof read === "number" ? read : await read;
    if (got === 0) return bytes.subarray(0, count);
    count += got;
    if (count > most) {
      body.cancel();
      return null;
    }
    if (count < bytes.length) continue;
    const larger = new Uint8Array(Math.min(2 * count, most + 1));
    larger.set(bytes);
    bytes = larger;
  }
}
