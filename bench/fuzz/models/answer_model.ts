/** What a client gets out of all that an origin sends before it closes: the yardstick of the HTTP/1.1 client. @module */

import { readChunks } from "./chunk_model.ts";
import { readResponseHead } from "./response_model.ts";

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
