/** Frames as a client writes and reads them. @module */

import { Buffer } from "node:buffer";
import { HpackDecoder } from "../../../src/http/hpack/hpack_decoder.ts";
import { HpackEncoder } from "../../../src/http/hpack/hpack_encoder.ts";

export const DATA = 0, HEADERS = 1, PRIORITY = 2, RST = 3, SETTINGS = 4, PUSH = 5, PING = 6, GOAWAY = 7;
export const WINDOW = 8, CONTINUATION = 9;
export const END = 1, ACK = 1, END_HEADERS = 4, PADDED = 8, PRIO = 0x20;
export const PREFACE: Uint8Array = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

const NAMES = ["DATA", "HEADERS", "PRIORITY", "RST", "SETTINGS", "PUSH", "PING", "GOAWAY", "WINDOW", "CONTINUATION"];
const encoder = new TextEncoder();

/** Bytes of numbers and texts. */
export function bytes(...parts: (number | string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const pieces = parts.map((part) =>
    typeof part === "number" ? new Uint8Array([part]) : typeof part === "string" ? encoder.encode(part) : part
  );
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Four bytes. */
export function uint32(value: number): Uint8Array {
  return new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
}

/** Any frame; `length` may lie. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array | string = "",
  length = payload.length,
): Uint8Array {
  return bytes(length >>> 16, length >>> 8 & 255, length & 255, type, flags, uint32(stream), payload);
}

/** A field block of `name: value` pairs; a name may be anything. */
export function block(...fields: (readonly [name: string, value: string])[]): Uint8Array {
  const hpack = new HpackEncoder();
  hpack.begin();
  for (const [name, value] of fields) hpack.field(name, value);
  return hpack.block.slice();
}

/** The pseudo fields of a request. */
export function pseudo(method = "GET", path = "/", authority = "a.example", scheme = "https"): [string, string][] {
  return [[":method", method], [":scheme", scheme], [":path", path], [":authority", authority]];
}

/** A block as HEADERS, and as many CONTINUATION as it needs. */
export function head(stream: number, whole: Uint8Array, flags = END): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < whole.length || at === 0; at += 16384) {
    const last = at + 16384 >= whole.length;
    const own = at === 0 ? flags : 0;
    const type = at === 0 ? HEADERS : CONTINUATION;
    parts.push(frame(type, own | (last ? END_HEADERS : 0), stream, whole.subarray(at, at + 16384)));
  }
  return bytes(...parts);
}

/** A whole request without a body. */
export function get(stream: number, path = "/", ...fields: [string, string][]): Uint8Array {
  return frame(HEADERS, END | END_HEADERS, stream, block(...pseudo("GET", path), ...fields));
}

/** The head of a request with a body. */
export function post(stream: number, path = "/", ...fields: [string, string][]): Uint8Array {
  return frame(HEADERS, END_HEADERS, stream, block(...pseudo("POST", path), ...fields));
}

export function data(stream: number, payload: Uint8Array | string, end = false): Uint8Array {
  return frame(DATA, end ? END : 0, stream, payload);
}

export function settings(...pairs: (readonly [id: number, value: number])[]): Uint8Array {
  return frame(SETTINGS, 0, 0, bytes(...pairs.flatMap(([id, value]) => [id >> 8, id & 255, uint32(value)])));
}

export function windowUpdate(stream: number, count: number): Uint8Array {
  return frame(WINDOW, 0, stream, uint32(count));
}

export function reset(stream: number, code = 8): Uint8Array {
  return frame(RST, 0, stream, uint32(code));
}

export const ping = (flags = 0, text = "12345678") => frame(PING, flags, 0, text);

/** A frame that came. */
export interface Received {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Uint8Array;
  /** Of HEADERS. */
  readonly fields: readonly string[];
}

/** Reads frames out of the bytes that a server writes. */
export class FrameParser {
  readonly frames: Received[] = [];
  #rest: Uint8Array = new Uint8Array(0);
  readonly #hpack = new HpackDecoder();
  #block: Received | null = null;

  push(more: Uint8Array): void {
    let all = bytes(this.#rest, more);
    while (all.length >= 9) {
      const length = all[0] << 16 | all[1] << 8 | all[2];
      if (all.length < 9 + length) break;
      const stream = (all[5] << 24 | all[6] << 16 | all[7] << 8 | all[8]) >>> 0;
      this.#frame({ type: all[3], flags: all[4], stream, payload: all.slice(9, 9 + length), fields: [] });
      all = all.slice(9 + length);
    }
    this.#rest = all;
  }

  #frame(frame: Received): void {
    if (frame.type !== HEADERS && frame.type !== CONTINUATION) return void this.frames.push(frame);
    const begun = this.#block ?? frame, whole = { ...begun, payload: bytes(this.#block?.payload ?? "", frame.payload) };
    if ((frame.flags & END_HEADERS) === 0) return void (this.#block = whole);
    this.#block = null;
    const fields: string[] = [], buffer = Buffer.from(whole.payload);
    this.#hpack.decode(buffer, 0, buffer.length, { field: (name, value) => void fields.push(name, value) });
    this.frames.push({ ...whole, fields });
  }
}

/** A frame as one line of a transcript, such as `HEADERS 1 200 END`. */
export function lineOf({ type, flags, stream, payload, fields }: Received): string {
  const name = NAMES[type] ?? `TYPE${type}`, end = (flags & END) !== 0 ? " END" : "";
  const number = (at: number) =>
    (payload[at] << 24 | payload[at + 1] << 16 | payload[at + 2] << 8 | payload[at + 3]) >>> 0;
  switch (type) {
    case DATA:
      return `${name} ${stream} ${payload.length}${end}`;
    case HEADERS:
      return `${name} ${stream} ${fields[0] === ":status" ? fields[1] : "trailers"}${end}`;
    case SETTINGS:
    case PING:
      return name + ((flags & ACK) !== 0 ? " ACK" : "");
    case GOAWAY:
      return `${name} ${number(0)} ${number(4)}`;
    default:
      return `${name} ${stream} ${number(0)}`;
  }
}
