/** The origin behind a proxy: reads strictly, and answers each request with how it read it. @module */

import { toBytes, toText } from "../../../tests/support/latin1.ts";
import { readChunks } from "../models/chunk_model.ts";
import { readHead, valuesOf } from "../models/head_model.ts";
import { encodeReading, type Reading, READING_FIELD } from "./reading.ts";

const MAX_LINES = 1000;
const CONTINUE = toBytes("HTTP/1.1 100 Continue\r\n\r\n");

/** A server on 127.0.0.1 that believes nothing that is not plainly valid: what it cannot read, no proxy should have sent. */
export class RecordingOrigin implements Disposable {
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.TcpConn>();
  /** Numbers of the requests that nobody has claimed as an answer to his own. */
  readonly #unclaimed = new Map<number, Reading>();
  #malformed: string[] = [];
  #count = 0;

  /** @param port 0: any */
  constructor(port = 0) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    void this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** An answer with this number has reached a client. */
  claim(number: number): void {
    this.#unclaimed.delete(number);
  }

  /** The requests since the last call whose answers have reached nobody, and the bytes that were no requests. */
  strays(): { requests: Reading[]; malformed: string[] } {
    const strays = { requests: [...this.#unclaimed.values()], malformed: this.#malformed };
    this.#unclaimed.clear();
    this.#malformed = [];
    return strays;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.#connections.add(connection);
      connection.setNoDelay(true);
      void this.#serve(connection).catch(() => {}).finally(() => {
        if (this.#connections.delete(connection)) connection.close();
      });
    }
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    const piece = new Uint8Array(16384);
    let text = "";
    for (;;) {
      const request = readRequest(text);
      if (request === "malformed") {
        this.#malformed.push(text);
        return;
      }
      if (request === "begun" || request === "expected") {
        if (request === "expected") await connection.write(CONTINUE);
        const count = await connection.read(piece);
        if (count === null) return;
        text += toText(piece.subarray(0, count));
        continue;
      }
      text = text.slice(request.end);
      const number = this.#count++, reading = { number, ...request.reading };
      this.#unclaimed.set(number, reading);
      const answer = `HTTP/1.1 200 OK\r\n${READING_FIELD}: ${encodeReading(reading)}\r\ncontent-length: 0\r\n\r\n`;
      await connection.write(toBytes(answer));
    }
  }
}

/** A request and where it ends; or that it has only begun, that it waits to be told to go on, or that it is none. */
function readRequest(
  text: string,
): { reading: Omit<Reading, "number">; end: number } | "begun" | "expected" | "malformed" {
  const { end, startLine, fields } = readHead(text, MAX_LINES), line = /^([^ ]+) ([^ ]+) HTTP\/1\.1$/.exec(startLine);
  if (end === 0) return "begun";
  const lengths = valuesOf(fields, "content-length"), codings = valuesOf(fields, "transfer-encoding");
  const framed = lengths.length + codings.length <= 1 && lengths.every((value) => /^[0-9]{1,15}$/.test(value)) &&
    codings.every((value) => value === "chunked");
  if (end < 0 || line === null || !framed || valuesOf(fields, "host").length !== 1) return "malformed";
  const rest = text.slice(end), [, method, target] = line;
  const reading = { method, target, fields };
  const missing = rest === "" && valuesOf(fields, "expect").length > 0 ? "expected" : "begun";
  if (codings.length > 0) {
    const { verdict, data, trailers, end: bodyEnd } = readChunks(rest);
    if (verdict === "begun") return missing;
    return verdict === "whole" ? { reading: { ...reading, body: data, trailers }, end: end + bodyEnd } : "malformed";
  }
  const length = Number(lengths[0] ?? 0);
  return rest.length < length
    ? missing
    : { reading: { ...reading, body: rest.slice(0, length), trailers: [] }, end: end + length };
}
