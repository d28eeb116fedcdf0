/** Tells a stream whose bytes are all there from one that is still being written. @module */

import type { Body } from "../../core/body.ts";
import { type StreamFacts, type StreamRead, StreamSource } from "../../http/stream_source.ts";

/**
 * Turns of the microtask queue that a body may take to show itself. `Response` gives a text, bytes or JSON as a stream of
 * one piece within 3, a `Blob` within 9. A body that waits for a timer or a socket is not there after any number, so
 * nothing is held back for it.
 */
const TURNS = 12;

/**
 * Takes over a stream: as bytes when it is one piece that is there already, so that it gets a `content-length` and goes
 * out with its head; else as a source.
 *
 * @throws TypeError when the stream is locked
 */
export async function readyBody(stream: ReadableStream<Uint8Array>, facts: StreamFacts): Promise<Body> {
  const reader: ReadableStreamDefaultReader<unknown> = stream.getReader();
  const reads: [StreamRead, StreamRead] = [reader.read(), reader.read()];
  const seen: (ReadableStreamReadResult<unknown> | undefined)[] = [undefined, undefined];
  // A failure shows again when the source reads it.
  reads.forEach((read, i) => read.then((result) => seen[i] = result, () => {}));
  for (let turn = 0; turn < TURNS && seen[1] === undefined; turn++) await null;
  const [first, second] = seen;
  if (first?.done === true) return null;
  if (second?.done === true && first?.value instanceof Uint8Array) return first.value.length === 0 ? null : first.value;
  return new StreamSource(reader, facts, reads);
}
