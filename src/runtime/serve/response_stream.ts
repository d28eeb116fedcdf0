/** A body source as the stream of a web response. @module */

import { Buffer } from "node:buffer";
import type { BodySource } from "../../core/body.ts";

/** Bytes of a piece: small at first, larger while pieces come full. */
const FIRST_PIECE = 16 * 1024, LARGEST_PIECE = 256 * 1024;

/** How a stream ended, and the bytes that it gave away. */
export type StreamEnd = (end: "complete" | "broken" | "cancelled", bytes: number, cause?: unknown) => void;

/**
 * Pull only, nothing read ahead: a client that stops reading stops the endpoint. Each piece has a buffer of its own,
 * because the runtime writes it later without telling when.
 */
export function responseStream(source: BodySource, onEnd: StreamEnd): ReadableStream<Uint8Array> {
  let size = FIRST_PIECE, sent = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = Buffer.allocUnsafeSlow(size);
      let count: number;
      try {
        count = await source.read(piece);
      } catch (cause) {
        onEnd("broken", sent, cause);
        throw cause;
      }
      if (count === 0) {
        onEnd("complete", sent);
        controller.close();
        return;
      }
      sent += count;
      if (count === size && size < LARGEST_PIECE) size *= 2;
      controller.enqueue(count === piece.length ? piece : piece.subarray(0, count));
    },
    cancel() {
      source.cancel();
      onEnd("cancelled", sent);
    },
  }, { highWaterMark: 0 });
}
