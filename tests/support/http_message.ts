/** HTTP/1.1 messages read off a wire, strictly and without the product's own parser. @module */

import { toText } from "./latin1.ts";
import type { Wire } from "./wire.ts";

/** The head of a request or response: exact text, and its fields in order with duplicates apart. */
export class MessageHead {
  /** The exact head, the empty line included. */
  readonly text: string;
  /** The request or status line, without CRLF. */
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];

  /** @throws SyntaxError when a line is not ended by CRLF or is no field (RFC 9112 §5). */
  constructor(text: string) {
    const [startLine, ...lines] = text.slice(0, -4).split("\r\n");
    this.text = text;
    this.startLine = startLine;
    this.headers = lines.map(parseField);
    if (/[\r\n]/.test(startLine)) throw new SyntaxError(`a bare CR or LF in ${JSON.stringify(startLine)}`);
  }

  /** The values of a field (any case) joined with `", "`, or `null`. */
  header(name: string): string | null {
    const values = this.headerValues(name);
    return values.length === 0 ? null : values.join(", ");
  }

  /** Each value of a field (any case), in order. */
  headerValues(name: string): string[] {
    return this.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  }
}

/** A request's head. */
export class RequestHead extends MessageHead {
  readonly method: string;
  readonly target: string;
  readonly version: string;

  constructor(text: string) {
    super(text);
    const parts = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e\x80-\xff]+) HTTP\/(\d\.\d)$/.exec(this.startLine);
    if (parts === null) throw new SyntaxError(`not a request line: ${JSON.stringify(this.startLine)}`);
    [, this.method, this.target, this.version] = parts;
  }
}

/** A response's head. */
export class ResponseHead extends MessageHead {
  readonly version: string;
  readonly status: number;
  readonly reason: string;

  constructor(text: string) {
    super(text);
    const parts = /^HTTP\/(\d\.\d) (\d{3}) ([\t\x20-\x7e\x80-\xff]*)$/.exec(this.startLine);
    if (parts === null) throw new SyntaxError(`not a status line: ${JSON.stringify(this.startLine)}`);
    this.version = parts[1];
    this.status = Number(parts[2]);
    this.reason = parts[3];
  }
}

/** How the end of a body is found (RFC 9112 §6.3). */
export type Framing = { kind: "none" } | { kind: "length"; length: number } | { kind: "chunked" } | { kind: "close" };

/** A body as it was framed. */
export interface MessageBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Each chunk's length, for a chunked body; a lone piece otherwise. */
  readonly chunks: readonly number[];
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/** How a request's body is framed. */
export function requestFraming(head: RequestHead): Framing {
  return framing(head) ?? { kind: "none" };
}

/** How the body of a response to `method` is framed. */
export function responseFraming(head: ResponseHead, method: string): Framing {
  const bodiless = method === "HEAD" || head.status < 200 || head.status === 204 || head.status === 304 ||
    (method === "CONNECT" && head.status < 300);
  return bodiless ? { kind: "none" } : framing(head) ?? { kind: "close" };
}

/** Takes a body off the wire. */
export async function readBody(wire: Wire, framing: Framing): Promise<MessageBody> {
  if (framing.kind === "chunked") return await readChunked(wire);
  let bytes = new Uint8Array(0);
  if (framing.kind === "length") bytes = await wire.take(framing.length);
  else if (framing.kind === "close") bytes = await wire.takeToEnd();
  return { bytes, chunks: bytes.length === 0 ? [] : [bytes.length], trailers: [] };
}

function framing(head: MessageHead): Framing | null {
  const coding = head.header("transfer-encoding"), lengths = head.headerValues("content-length");
  if (coding !== null && lengths.length > 0) throw new SyntaxError("both Transfer-Encoding and Content-Length");
  if (coding !== null) {
    if (coding.toLowerCase() !== "chunked") throw new SyntaxError(`unexpected Transfer-Encoding: ${coding}`);
    return { kind: "chunked" };
  }
  if (lengths.length === 0) return null;
  if (lengths.length > 1 || !/^\d+$/.test(lengths[0])) {
    throw new SyntaxError(`bad Content-Length: ${lengths.join(" and ")}`);
  }
  return { kind: "length", length: Number(lengths[0]) };
}

async function readChunked(wire: Wire): Promise<MessageBody> {
  const chunks: number[] = [];
  const parts: Uint8Array[] = [];
  for (;;) {
    const line = await wire.takeUntil("\r\n");
    const size = /^([0-9A-Fa-f]+)(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?\r\n$/.exec(line);
    if (size === null) throw new SyntaxError(`not a chunk size: ${JSON.stringify(line)}`);
    const length = parseInt(size[1], 16);
    if (length === 0) break;
    chunks.push(length);
    parts.push(await wire.take(length));
    const end = toText(await wire.take(2));
    if (end !== "\r\n") throw new SyntaxError(`a chunk of ${length} bytes is followed by ${JSON.stringify(end)}`);
  }
  const trailers: (readonly [string, string])[] = [];
  for (let line = await wire.takeUntil("\r\n"); line !== "\r\n"; line = await wire.takeUntil("\r\n")) {
    trailers.push(parseField(line.slice(0, -2)));
  }
  return { bytes: new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()), chunks, trailers };
}

function parseField(line: string): readonly [name: string, value: string] {
  const parts = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*$/.exec(line);
  if (parts === null) throw new SyntaxError(`not a header field: ${JSON.stringify(line)}`);
  return [parts[1], parts[2]];
}
