/** Short words that rows are written with. @module */

import type { Expected, OriginPlay, Row } from "./row.ts";

/** A head: each line ended by CRLF, and the empty line. */
export function head(...lines: string[]): string {
  return lines.join("\r\n") + "\r\n\r\n";
}

/** A GET with these fields behind Host. */
export function get(target: string, ...fields: string[]): string {
  return head(`GET ${target} HTTP/1.1`, "Host: a.example", ...fields);
}

/** A POST with these fields behind Host, and what follows its head. */
export function post(fields: readonly string[], body = "", target = "/"): string {
  return head(`POST ${target} HTTP/1.1`, "Host: a.example", ...fields) + body;
}

/** A POST in chunks, as they are given. */
export function chunked(chunks: string, ...fields: string[]): string {
  return post(["Transfer-Encoding: chunked", ...fields], chunks);
}

/** What is refused: an answer with this status and no other, the connection closed, and not a byte to the origin. */
export function refusedWith(status: number | readonly number[]): Expected {
  return { status, after: "closed", origin: "nothing" };
}

/** What is turned down although its framing is sound: the connection may live on. */
export function turnedDownWith(status: number | readonly number[]): Expected {
  return { status, after: "either", origin: "nothing" };
}

/** A row for what is refused. */
export function refused(
  name: string,
  rfc: string,
  send: Row["send"],
  status: number | readonly number[] = 400,
  serve?: Row["serve"],
): Row {
  return { name, rfc, send, expect: refusedWith(status), serve };
}

/** A row for what is turned down. */
export function turnedDown(
  name: string,
  rfc: string,
  send: Row["send"],
  status: number | readonly number[] = 400,
  serve?: Row["serve"],
): Row {
  return { name, rfc, send, expect: turnedDownWith(status), serve };
}

/** Reads the request, sends these bytes, each piece in a write of its own, and closes. */
export function closing(...pieces: string[]): OriginPlay {
  return async (request) => {
    await request.body();
    await request.sendPieces(pieces);
    await request.connection.close();
  };
}

/** Reads the request and sends each piece in a write of its own. */
export function inPieces(...pieces: string[]): OriginPlay {
  return async (request) => {
    await request.body();
    await request.sendPieces(pieces);
  };
}
