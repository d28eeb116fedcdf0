/** Where requests begin and end on a connection, whatever they ask for: the framing rules of RFC 9112 alone. @module */

import { readChunks } from "./chunk_model.ts";
import { readHead, valuesOf, withoutBlanks } from "./head_model.ts";

/** How a request's body is delimited; its length is 0 where it is chunked, or not there. */
export interface Framing {
  readonly chunked: boolean;
  readonly length: number;
}

/** The framing that a request's fields say, or `null` where they are invalid or say two things (RFC 9112 §6). */
export function framingOf(fields: readonly string[], http11: boolean): Framing | null {
  const lengths = valuesOf(fields, "content-length"), codings = valuesOf(fields, "transfer-encoding");
  if (lengths.length + codings.length > 1 || !lengths.every((value) => /^[0-9]{1,15}$/.test(value))) return null;
  if (!codings.every((value) => value.toLowerCase() === "chunked" && http11)) return null;
  return { chunked: codings.length > 0, length: Number(lengths[0] ?? 0) };
}

/** Whether another request may follow (RFC 9112 §9.3). */
export function persists(fields: readonly string[], http11: boolean): boolean {
  const options = valuesOf(fields, "connection").join(",").toLowerCase().split(",").map(withoutBlanks);
  return !options.includes("close") && (http11 || options.includes("keep-alive"));
}

/** The start lines of the requests in `text`, up to the first one behind which nobody can tell what comes. */
export function startLines(text: string, maxLines: number): string[] {
  const lines: string[] = [];
  for (;;) {
    text = text.replace(/^(?:\r\n){1,2}/, "");
    const { end, startLine, fields } = readHead(text, maxLines), http11 = startLine.endsWith("HTTP/1.1");
    if (end <= 0) return lines;
    lines.push(startLine);
    const framing = framingOf(fields, http11), rest = text.slice(end);
    if (framing === null || !persists(fields, http11)) return lines;
    const { verdict, end: chunksEnd } = framing.chunked ? readChunks(rest) : { verdict: "whole", end: framing.length };
    if (verdict !== "whole" || chunksEnd > rest.length) return lines;
    text = rest.slice(chunksEnd);
  }
}
