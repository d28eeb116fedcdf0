/** What an answer says, in plain words: the yardstick of the response parser and of the HTTP/1.1 client. @module */

import { nominated } from "../../../src/http/hop_by_hop.ts";
import { readChunks } from "./chunk_model.ts";
import { readHead, valuesOf, withoutBlanks } from "./head_model.ts";

/** A response head as the model reads it. */
export interface ResponseReading {
  readonly status: number;
  /** `[name, value, …]` without the fields that Connection names. */
  readonly fields: readonly string[];
  readonly framing: "none" | "length" | "chunked" | "close";
  readonly length: number;
  readonly keepAlive: boolean;
  readonly bodyStart: number;
}

/** Reads the response head that `text` begins with: `null` when bytes are missing, `"refused"` when it breaks RFC 9112. */
export function readResponseHead(text: string, maxLines: number, method: string): ResponseReading | null | "refused" {
  const { end, startLine, fields } = readHead(text, maxLines);
  if (end === 0) return null;
  const line = /^HTTP\/1\.([0-9]) ([1-5][0-9][0-9])(?: .*)?$/.exec(startLine);
  if (end < 0 || line === null) return "refused";
  const minor = Math.min(1, Number(line[1])), status = Number(line[2]);
  const lengths = valuesOf(fields, "content-length"), codings = valuesOf(fields, "transfer-encoding");
  if (lengths.length + codings.length > 1 || !lengths.every((value) => /^[0-9]{1,15}$/.test(value))) return "refused";
  if (!codings.every((value) => value.toLowerCase() === "chunked" && minor === 1)) return "refused";

  const connection = valuesOf(fields, "connection").join(","), dropped = nominated(connection) ?? [];
  const options = connection.toLowerCase().split(",").map(withoutBlanks);
  const bodiless = method === "HEAD" || status < 200 || status === 204 || status === 304;
  const framing = bodiless ? "none" : codings.length > 0 ? "chunked" : lengths.length > 0 ? "length" : "close";
  return {
    status,
    fields: fields.filter((_, at) => !dropped.includes(fields[at - at % 2])),
    framing,
    length: framing === "length" ? Number(lengths[0]) : 0,
    keepAlive: framing !== "close" && !options.includes("close") && (minor === 1 || options.includes("keep-alive")),
    bodyStart: end,
  };
}

/** An answer that came whole. */
export interface Answer {
  readonly status: number;
  /** `[name, value, …]` without the fields that Connection names. */
  readonly fields: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

/** Reads one answer to `method`, the informational ones before it skipped; `null` where it is invalid or breaks off. */
export function readAnswer(text: string, maxLines: number, method: string): Answer | null {
  const head = readResponseHead(text, maxLines, method);
  if (head === null || head === "refused" || head.status === 101) return null;
  const { status, fields, framing, length } = head, rest = text.slice(head.bodyStart);
  if (status < 200) return readAnswer(rest, maxLines, method);
  const answer = { status, fields, body: "", trailers: [] };
  if (framing === "none") return answer;
  if (framing === "close") return { ...answer, body: rest };
  if (framing === "length") return rest.length < length ? null : { ...answer, body: rest.slice(0, length) };
  const { verdict, data, trailers } = readChunks(rest);
  return verdict === "whole" ? { ...answer, body: data, trailers } : null;
}
