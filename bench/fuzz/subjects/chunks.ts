/** The decoder of chunked bodies, against its model, in pieces. @module */

import { Buffer } from "node:buffer";
import { ChunkedDecoder, ChunkError } from "../../../src/http/chunked_decoder.ts";
import { cutsOf, describeCuts } from "../generate/input.ts";
import { generateChunks } from "../generate/chunked.ts";
import { type ChunkReading, readChunks } from "../models/chunk_model.ts";
import type { Subject } from "../subject.ts";

/** What stands before and behind each piece, beside what really follows. */
const BEFORE = "5\r\n", BEHIND = "\r\n0\r\n\r\n";

/** {@link ChunkedDecoder}. */
export const chunks: Subject = {
  id: "chunks",
  generate: generateChunks,
  check({ text }, random) {
    const model = JSON.stringify(readChunks(text));
    for (const cuts of [[], cutsOf(random, text)]) {
      const decoded = decode(text, cuts);
      if (typeof decoded === "string") return decoded;
      if (JSON.stringify(decoded) !== model) return `${describeCuts(cuts)}: ${JSON.stringify(decoded)}, not ${model}`;
    }
    return null;
  },
};

/** Decodes pieces where they stand, between bytes that must neither matter nor change; or says that they did. */
function decode(text: string, cuts: readonly number[]): ChunkReading | string {
  const decoder = new ChunkedDecoder();
  let data = "", at = 0;
  for (const to of [...cuts, text.length]) {
    const behind = text.slice(to) + BEHIND, bytes = Buffer.from(BEFORE + text.slice(at, to) + behind, "latin1");
    const from = BEFORE.length, end = from + to - at;
    let count: number;
    try {
      count = decoder.decode(bytes, from, end);
    } catch (error) {
      if (!(error instanceof ChunkError)) throw error;
      return { verdict: "broken", data: "", trailers: [], end: 0 };
    }
    if (bytes.toString("latin1", 0, from) !== BEFORE || bytes.toString("latin1", end) !== behind) {
      return "bytes of others were changed";
    }
    data += bytes.toString("latin1", from, from + count);
    at += decoder.consumed;
    if (decoder.done) return { verdict: "whole", data, trailers: decoder.trailers ?? [], end: at };
    if (at !== to) return `${to - at} bytes are not used, and the body is not done`;
  }
  return { verdict: "begun", data, trailers: [], end: 0 };
}
