/** What clients ask for under faults, such that every answer and every body can be checked byte by byte. @module */

import { Buffer } from "node:buffer";
import { contentOf } from "../../bench/soak/content.ts";

/** A kind of request. */
export type Kind = keyof typeof KINDS;

/** What a kind sends and expects; sizes in bytes. */
interface KindShape {
  readonly method: string;
  /** RFC 9110 §9.2.2: it may be sent again. */
  readonly idempotent: boolean;
  /** Bytes of its own body. */
  readonly sends: number;
  /** Bytes of the answer's body. */
  readonly takes: number;
  /** Whether bodies come in chunks, both ways. */
  readonly chunked: boolean;
}

const CHUNK = 8192;

/** Every kind by name. */
export const KINDS = {
  "get": { method: "GET", idempotent: true, sends: 0, takes: 3000, chunked: false },
  "get chunked": { method: "GET", idempotent: true, sends: 0, takes: 30_000, chunked: true },
  "put": { method: "PUT", idempotent: true, sends: 2000, takes: 64, chunked: false },
  "delete": { method: "DELETE", idempotent: true, sends: 0, takes: 64, chunked: false },
  // Not told how long it is, a proxy must collect it to send it again.
  "put chunked": { method: "PUT", idempotent: true, sends: 10_000, takes: 3000, chunked: true },
  "post": { method: "POST", idempotent: false, sends: 500, takes: 64, chunked: false },
  // Beyond what proxies keep to send again, and beyond what fits between two sockets.
  "put large": { method: "PUT", idempotent: true, sends: 1_000_000, takes: 64, chunked: false },
  "post large": { method: "POST", idempotent: false, sends: 1_000_000, takes: 64, chunked: false },
} as const satisfies Record<string, KindShape>;

/** One request of a run. */
export interface Asked {
  /** Its own within the run, from 1. */
  readonly id: number;
  readonly kind: Kind;
}

/** What an endpoint answers to be well: nobody else's bytes. */
export function answerTo({ id, kind }: Asked): Uint8Array<ArrayBuffer> {
  return contentOf(id, KINDS[kind].takes);
}

/** The body that is sent: other bytes than those of the answer. */
export function bodyOf({ id, kind }: Asked): Uint8Array<ArrayBuffer> {
  return contentOf(~id >>> 0, KINDS[kind].sends);
}

/** The request as it is sent: head and body. */
export function requestOf(asked: Asked): [head: string, body: Uint8Array<ArrayBuffer>] {
  const { method, sends, chunked } = KINDS[asked.kind], body = bodyOf(asked);
  const target = `/content?id=${asked.id}&kind=${encodeURIComponent(asked.kind)}`;
  const framing = sends === 0 ? "" : chunked ? "transfer-encoding: chunked\r\n" : `content-length: ${sends}\r\n`;
  const head = `${method} ${target} HTTP/1.1\r\nhost: faults.example\r\n${framing}\r\n`;
  return [head, sends > 0 && chunked ? inChunks(body) : body];
}

/** A body with chunks around its bytes, and the last chunk behind (RFC 9112 §7.1). */
export function inChunks(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += CHUNK) {
    const chunk = body.subarray(at, at + CHUNK);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n"));
  }
  return new Uint8Array(Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]));
}

/** The request that a target stands for, or `null`. */
export function askedBy(target: string): Asked | null {
  const query = new URLSearchParams(target.slice(target.indexOf("?") + 1));
  const id = Number(query.get("id")), kind = query.get("kind") ?? "";
  return Number.isInteger(id) && id > 0 && Object.hasOwn(KINDS, kind) ? { id, kind: kind as Kind } : null;
}

/** Whether these are the bytes that were to come. */
export function sameBytes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  return Buffer.compare(bytes, wanted) === 0;
}
