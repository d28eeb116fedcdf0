/** What a chunked body is, as regular expressions over text: the yardstick of the decoder. @module */

import { withoutBlanks } from "./head_model.ts";

const SIZE = /^([0-9A-Fa-f]{1,12})(?:([\t ]*);([\t\x20-\x7e\x80-\xff]*))?\r\n/;
const SIZE_BEGUN = /^(?:[0-9A-Fa-f]{0,12}|[0-9A-Fa-f]{1,12}(?:([\t ]+)|(?:([\t ]*);([\t\x20-\x7e\x80-\xff]*))?\r?))$/;
const TRAILERS = /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n/;
const TRAILER = /([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)\r\n/g;
const TRAILERS_BEGUN =
  /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*(?:[!#$%&'*+.^_`|~0-9A-Za-z-]*|[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r?|\r)$/;
const MAX_EXTENSION_BYTES = 1024, MAX_TRAILER_BYTES = 8192;

/** A chunked body as the model reads it. */
export interface ChunkReading {
  /** `whole`: the body has ended; `begun`: more must come; `broken`: no continuation is valid. */
  readonly verdict: "whole" | "begun" | "broken";
  /** The data so far; none when `broken`. */
  readonly data: string;
  /** `[name, value, …]`, names in lower case; empty unless `whole`. */
  readonly trailers: readonly string[];
  /** Where the body ends; 0 unless `whole`. */
  readonly end: number;
}

const BROKEN: ChunkReading = { verdict: "broken", data: "", trailers: [], end: 0 };

/** Reads the chunked body that `text` begins with, one character a byte (RFC 9112 §7.1, with the decoder's limits). */
export function readChunks(text: string): ChunkReading {
  let data = "", at = 0;
  for (;;) {
    const rest = text.slice(at), size = SIZE.exec(rest);
    if (size === null || !isShort(size.slice(2))) {
      const some = SIZE_BEGUN.exec(rest);
      return some !== null && isShort(some.slice(1)) ? begun(data) : BROKEN;
    }
    const length = parseInt(size[1], 16);
    at += size[0].length;
    if (length === 0) return readTrailers(text, data, at);
    data += text.slice(at, at + length);
    const end = text.slice(at + length, at + length + 2);
    if (end !== "\r\n") return "\r\n".startsWith(end) ? begun(data) : BROKEN;
    at += length + 2;
  }
}

function readTrailers(text: string, data: string, at: number): ChunkReading {
  const rest = text.slice(at), section = TRAILERS.exec(rest)?.[0];
  if (section === undefined) {
    return TRAILERS_BEGUN.test(rest) && rest.length <= MAX_TRAILER_BYTES ? begun(data) : BROKEN;
  }
  if (section.length > MAX_TRAILER_BYTES) return BROKEN;
  const fields = [...section.matchAll(TRAILER)].flatMap((
    [, name, value],
  ) => [name.toLowerCase(), withoutBlanks(value)]);
  return { verdict: "whole", data, trailers: fields, end: at + section.length };
}

/** Whether what stands beside a chunk's size is no longer than the decoder takes. */
function isShort(parts: readonly (string | undefined)[]): boolean {
  return parts.reduce((sum, part) => sum + (part?.length ?? 0), 0) <= MAX_EXTENSION_BYTES;
}

function begun(data: string): ChunkReading {
  return { verdict: "begun", data, trailers: [], end: 0 };
}
