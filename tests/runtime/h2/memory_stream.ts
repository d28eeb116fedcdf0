/** A connection without a network: one end is the server's, the other the test's. @module */

import type { ByteStream } from "../../../src/core/byte_stream.ts";

/** The server's end. The test puts bytes in, takes bytes out, and may refuse to take any. */
export class MemoryStream implements ByteStream {
  /** Whether the server closed its side, or all of it. */
  writeClosed = false;
  closed = false;
  /** How often the server wrote. */
  writes = 0;
  #incoming: Uint8Array[] = [];
  #ended = false;
  #reset = false;
  #reader: { into: Uint8Array; resolve(count: number | null): void; reject(error: Error): void } | null = null;
  #outgoing: Uint8Array[] = [];
  /** Bytes that the test still takes. */
  #room = Infinity;
  #writer: { bytes: Uint8Array; resolve(count: number): void; reject(error: Error): void } | null = null;

  /** Whether the server waits for bytes. */
  get reading(): boolean {
    return this.#reader !== null;
  }

  read(into: Uint8Array): Promise<number | null> {
    if (this.#reader !== null) throw new Error("two reads at a time");
    return new Promise((resolve, reject) => {
      this.#reader = { into, resolve, reject };
      this.#feed();
    });
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.#writer !== null) throw new Error("two writes at a time");
    this.writes++;
    return new Promise((resolve, reject) => {
      this.#writer = { bytes, resolve, reject };
      this.#drain();
    });
  }

  closeWrite(): Promise<void> {
    this.writeClosed = true;
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
    this.#fail();
  }

  /** Sends bytes to the server. */
  put(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#incoming.push(bytes);
    this.#feed();
  }

  /** Sends no more. */
  end(): void {
    this.#ended = true;
    this.#feed();
  }

  /** Cuts the connection. */
  reset(): void {
    this.#reset = true;
    this.#fail();
  }

  /** Takes `count` bytes more and then none, until called again. */
  allow(count: number): void {
    this.#room = count;
    this.#drain();
  }

  /** What the server wrote since the last call. */
  take(): Uint8Array {
    const all = this.#outgoing.splice(0), bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of all) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  #feed(): void {
    const reader = this.#reader;
    if (reader === null) return;
    const [piece] = this.#incoming;
    if (piece === undefined) {
      if (!this.#ended) return;
      this.#reader = null;
      return reader.resolve(null);
    }
    const count = Math.min(piece.length, reader.into.length);
    reader.into.set(piece.subarray(0, count));
    if (count === piece.length) this.#incoming.shift();
    else this.#incoming[0] = piece.subarray(count);
    this.#reader = null;
    reader.resolve(count);
  }

  #drain(): void {
    const writer = this.#writer;
    if (writer === null) return;
    if (this.closed || this.#reset) return this.#fail();
    const count = Math.min(writer.bytes.length, this.#room);
    if (count === 0) return;
    // A copy: the bytes are the server's again when this resolves.
    this.#outgoing.push(writer.bytes.slice(0, count));
    this.#room -= count;
    this.#writer = null;
    writer.resolve(count);
  }

  #fail(): void {
    const reader = this.#reader, writer = this.#writer;
    this.#reader = this.#writer = null;
    reader?.reject(new Error("closed"));
    writer?.reject(new Error("closed"));
  }
}
