/** Answering with parts of a kept answer (RFC 9110 §15.3.7, §15.5.17). @module */

import { Buffer } from "node:buffer";
import { HeaderList } from "../../../core/header_list.ts";
import type { Random } from "../../../core/random.ts";
import { Reply } from "../../../core/reply.ts";
import type { StoredResponse } from "../stored_response.ts";
import type { ByteRange } from "./byte_ranges.ts";
import { withoutFields } from "../selection/without_fields.ts";
import { OF_THESE_BYTES, wholeLength } from "./partial.ts";

const TYPE = "content-type";
/** Each part has its own type. */
const OF_SEVERAL = OF_THESE_BYTES.with([TYPE]);

/**
 * The answer to a request for parts of this answer.
 *
 * @param stored a 200 or a part, with the fields that are to be sent; the ranges are in what it has
 * @param random chooses the boundary between several parts: one that can be foreseen could be put into content, and so
 * cut it where its author likes
 */
export function rangeReply(
  stored: StoredResponse,
  ranges: readonly ByteRange[] | "unsatisfiable",
  random: Random,
): Reply {
  const length = wholeLength(stored);
  if (ranges === "unsatisfiable") {
    return new Reply(416, HeaderList.of(...fieldsOfNone(stored.fields), "content-range", `bytes */${length}`), null);
  }
  if (ranges.length > 1) return severalParts(stored, ranges, random);
  const [range] = ranges, fields = withoutFields(stored.fields, OF_THESE_BYTES);
  fields.push("content-range", contentRange(range, length));
  return new Reply(206, HeaderList.of(...fields), bytesOf(stored, range));
}

function severalParts(stored: StoredResponse, ranges: readonly ByteRange[], random: Random): Reply {
  const length = wholeLength(stored), boundary = makeBoundary(random), pieces: Uint8Array[] = [];
  const fields = withoutFields(stored.fields, OF_SEVERAL), type = typeLines(stored.fields);
  for (const range of ranges) {
    const head = `\r\n--${boundary}\r\n${type}Content-Range: ${contentRange(range, length)}\r\n\r\n`;
    pieces.push(Buffer.from(head, "latin1"), bytesOf(stored, range));
  }
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`, "latin1"));
  fields.push(TYPE, `multipart/byteranges; boundary=${boundary}`);
  return new Reply(206, HeaderList.of(...fields), Buffer.concat(pieces));
}

/** No copy: nobody changes what is kept. */
function bytesOf({ part, body }: StoredResponse, { first, last }: ByteRange): Uint8Array {
  const start = part === null ? 0 : part.first;
  return body.subarray(first - start, last + 1 - start);
}

function contentRange({ first, last }: ByteRange, length: number): string {
  return `bytes ${first}-${last}/${length}`;
}

/** The lines that each part begins with. */
function typeLines(fields: readonly string[]): string {
  let lines = "";
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i] === TYPE) lines += `Content-Type: ${fields[i + 1]}\r\n`;
  }
  return lines;
}

/** What is no property of the content, which is not sent: which cache says so, and who may read it. */
function fieldsOfNone(fields: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i];
    if (name === "cache-status" || name === "vary" || name.startsWith("access-control-")) {
      kept.push(name, fields[i + 1]);
    }
  }
  return kept;
}

/** 24 letters and digits. */
function makeBoundary(random: Random): string {
  let boundary = "";
  while (boundary.length < 24) boundary += Math.floor(random() * 36 ** 6).toString(36).padStart(6, "0");
  return boundary;
}
