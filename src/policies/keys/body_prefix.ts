/** The beginning of a body that is still arriving. @module */

import { BodyError, type BodySource } from "../../core/body.ts";
import type { TimerWheel } from "../../core/timer_wheel.ts";

/** Milliseconds that the next bytes may take: not every engine has a limit of its own. */
export const READ_TIMEOUT = 10_000;

/** Bytes that there is room for before any has come. */
const FIRST_ROOM = 4 * 1024;

/** What was read of a body. */
export interface BodyPrefix {
  readonly bytes: Uint8Array;
  /** Whether that is all of it. */
  readonly whole: boolean;
}

/**
 * Reads a body up to its end or to `most` bytes. The room for them doubles as they come: a client that sends nothing must
 * not cost what one costs that sends much.
 *
 * @throws BodyError when it breaks off; `"client-timeout"` when nothing comes for {@link READ_TIMEOUT}, and then it is cancelled
 */
export async function readPrefix(source: BodySource, most: number, deadlines: TimerWheel): Promise<BodyPrefix> {
  const { length } = source, enough = Math.min(length ?? most, most);
  let bytes = new Uint8Array(Math.min(enough, FIRST_ROOM)), count = 0;
  // A sender of a known length need not be asked whether that was all.
  while (count < enough) {
    if (count === bytes.length) {
      const larger = new Uint8Array(Math.min(count * 2, enough));
      larger.set(bytes);
      bytes = larger;
    }
    const read = source.read(bytes.subarray(count));
    const got = typeof read === "number" ? read : await inTime(read, source, deadlines);
    if (got === 0) return { bytes: bytes.subarray(0, count), whole: true };
    count += got;
  }
  return { bytes, whole: count === length };
}

/** Waits for a read, but not for ever. */
async function inTime(read: Promise<number>, source: BodySource, deadlines: TimerWheel): Promise<number> {
  const late = Promise.withResolvers<never>();
  const deadline = deadlines.after(READ_TIMEOUT, () => {
    // First of all: a body that is cancelled fails its read, and would say that the client had left.
    late.reject(new BodyError("client-timeout", `no byte of the request's body for ${READ_TIMEOUT} ms`));
    source.cancel();
  });
  try {
    return await Promise.race([read, late.promise]);
  } finally {
    deadline.cancel();
  }
}
