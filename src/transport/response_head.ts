/** The head of an endpoint's answer: validated, and its framing decided (RFC 9112 §4, §6.3). @module */

import type { Buffer } from "node:buffer";
import { HeaderList } from "../core/header_list.ts";
import { fieldNumber } from "../core/known_fields.ts";
import { type HeadScanner, INCOMPLETE, LINE_STRIDE, MALFORMED } from "../http/head_scanner.ts";
import { nominated } from "../http/hop_by_hop.ts";
import { decodeLatin1 } from "../http/latin1.ts";
import { persists } from "../http/persists.ts";
import { lineValue, TextHeaders } from "../http/text_headers.ts";

/** The answer breaks HTTP/1.1; what it says cannot be believed. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** How the body's end is found. */
export type Framing = "none" | "length" | "chunked" | "close";

/** A parsed head. */
export interface ResponseHead {
  /** The version that its status line says. */
  readonly version: "1.0" | "1.1";
  readonly status: number;
  readonly headers: HeaderList;
  readonly framing: Framing;
  /** Bytes of the body under `"length"`, else 0. */
  readonly length: number;
  /** Whether the connection may serve another request. */
  readonly keepAlive: boolean;
  /** Where the body starts in the buffer. */
  readonly bodyStart: number;
}

const CONTENT_LENGTH = fieldNumber("content-length");
const TRANSFER_ENCODING = fieldNumber("transfer-encoding");
const CONNECTION = fieldNumber("connection");
const MAX_LENGTH_DIGITS = 15;

/**
 * Parses the head in `buffer[from, to)` of an answer to `method`.
 * @returns `null` when bytes are missing
 * @throws ProtocolError where the head or its framing is invalid or ambiguous: nothing is guessed
 */
export function parseResponseHead(
  scanner: HeadScanner,
  buffer: Buffer,
  from: number,
  to: number,
  method: string,
): ResponseHead | null {
  const bodyStart = scanner.scan(buffer, from, to);
  if (bodyStart === INCOMPLETE) return null;
  if (bodyStart < 0) throw new ProtocolError(bodyStart === MALFORMED ? "malformed head" : "too many header lines");
  const text = decodeLatin1(buffer, from, bodyStart);
  const minor = minorVersion(text, scanner.startLineEnd), status = statusCode(text, scanner.startLineEnd);

  let length = -1, chunked = false, connection = "";
  const { lines, count } = scanner;
  for (let at = 0; at < count * LINE_STRIDE; at += LINE_STRIDE) {
    const number = lines[at + 3];
    if (number === CONTENT_LENGTH) {
      if (length >= 0) throw new ProtocolError("more than one content-length");
      length = parseLength(lineValue(text, lines, at));
    } else if (number === TRANSFER_ENCODING) {
      if (chunked || minor === 0) throw new ProtocolError("misplaced transfer-encoding");
      if (lineValue(text, lines, at).toLowerCase() !== "chunked") throw new ProtocolError("unknown transfer-encoding");
      chunked = true;
    } else if (number === CONNECTION) {
      connection += (connection === "" ? "" : ",") + lineValue(text, lines, at);
    }
  }
  if (chunked && length >= 0) throw new ProtocolError("both content-length and transfer-encoding");

  const headers = new HeaderList(TextHeaders.scanned(text, scanner));
  const dropped = nominated(connection);
  if (dropped !== null) { for (const name of dropped) headers.remove(name); }
  const framing = hasNoBody(method, status) ? "none" : chunked ? "chunked" : length >= 0 ? "length" : "close";
  return {
    version: minor === 0 ? "1.0" : "1.1",
    status,
    headers,
    framing,
    length: framing === "length" ? length : 0,
    keepAlive: framing !== "close" && persists(connection, minor === 1),
    bodyStart,
  };
}

function minorVersion(text: string, end: number): 0 | 1 {
  const minor = text.charCodeAt(7) - 0x30;
  // "HTTP/1.1 200": the reason may be absent, and so may, against the grammar but in practice, the space before it.
  if (!text.startsWith("HTTP/1.") || !(minor >= 0 && minor <= 9) || text.charCodeAt(8) !== 0x20 || end < 12) {
    throw new ProtocolError("malformed status line");
  }
  // One that nobody knows is the highest that is known (RFC 9110 §6.2).
  return minor === 0 ? 0 : 1;
}

function statusCode(text: string, end: number): number {
  let status = 0;
  for (let i = 9; i < 12; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) throw new ProtocolError("malformed status");
    status = status * 10 + digit;
  }
  if (status < 100 || status > 599 || (end > 12 && text.charCodeAt(12) !== 0x20)) {
    throw new ProtocolError("malformed status");
  }
  return status;
}

function parseLength(value: string): number {
  if (value.length === 0 || value.length > MAX_LENGTH_DIGITS) throw new ProtocolError("malformed content-length");
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) throw new ProtocolError("malformed content-length");
    length = length * 10 + digit;
  }
  return length;
}

/** RFC 9112 §6.3, 1 and 2. */
function hasNoBody(method: string, status: number): boolean {
  return method === "HEAD" || status === 204 || status === 304 || status < 200;
}
