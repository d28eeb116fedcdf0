/** The cleartext of a TLS connection. @module */

import type { TLSSocket } from "node:tls";
import type { ByteStream } from "../../core/byte_stream.ts";
import type { Wire } from "./wire.ts";

/**
 * Reads and writes through TLS. A read takes ciphertext from the kernel only when no cleartext is left, and a write
 * settles when the kernel has its ciphertext, so that backpressure goes through in both directions.
 *
 * The peer's end reads as `null`, with a close_notify or without one (RFC 8446 §6.1): what is framed by its own lengths
 * shows a truncation by itself, and the bytes of a tunnel end either way.
 */
export class TlsByteStream implements ByteStream {
  readonly #socket: TLSSocket;
  readonly #wire: Wire;
  /** Cleartext that nobody has read yet; the first piece may be partly read. */
  readonly #pieces: Uint8Array[] = [];
  #offset = 0;
  #ended = false;
  #error: Error | null = null;
  #wake: (() => void) | null = null;
  #writing = false;
  #closed = false;

  /** @param socket past its handshake, on top of `wire` */
  constructor(socket: TLSSocket, wire: Wire) {
    this.#socket = socket;
    this.#wire = wire;
    socket.on("data", (piece: Uint8Array) => {
      this.#pieces.push(piece);
      this.#notify();
    });
    socket.on("end", () => this.#end(null));
    socket.on("error", (error: Error) => this.#end(error));
    socket.on("close", () => this.#end(this.#wire.failure));
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#pieces.length === 0) {
      if (this.#error !== null) throw this.#error;
      if (this.#ended) return null;
      const woken = new Promise<void>((resolve) => this.#wake = resolve);
      this.#wire.pull().then((more) => more ? this.#notify() : this.#end(null), (error) => this.#end(error));
      await woken;
    }
    const piece = this.#pieces[0], count = Math.min(into.length, piece.length - this.#offset);
    into.set(count === piece.length ? piece : piece.subarray(this.#offset, this.#offset + count));
    this.#offset += count;
    if (this.#offset === piece.length) {
      this.#pieces.shift();
      this.#offset = 0;
    }
    return count;
  }

  /** Writes all of `bytes`. Up to 16 KiB they are one record and one write to the kernel. */
  write(bytes: Uint8Array): Promise<number> {
    if (this.#closed) return Promise.reject(closed());
    if (bytes.length === 0) return Promise.resolve(0);
    this.#writing = true;
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        this.#writing = false;
        // `node:tls` takes a write that failed below for one that is out (Deno 2.9.6).
        const failure = this.#error ?? this.#wire.failure ?? error;
        if (failure) reject(failure);
        else resolve(bytes.length);
      });
    });
  }

  /** Sends a close_notify and then a FIN; the peer may go on sending (RFC 8446 §6.1). */
  async closeWrite(): Promise<void> {
    if (this.#closed) throw closed();
    await this.#sayGoodbye();
    await this.#wire.closeWrite();
  }

  /** Closes both ways, with a close_notify unless something else is on its way to a peer that may not take it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#end(closed());
    if (this.#writing) this.#wire.cut();
    else this.#sayGoodbye().then(() => this.#wire.finish());
  }

  #sayGoodbye(): Promise<void> {
    // The callback comes in any case, with an error where it was said before.
    return new Promise((resolve) => this.#socket.end(() => resolve()));
  }

  #end(error: Error | null): void {
    if (!this.#ended) this.#error = error;
    this.#ended = true;
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}

function closed(): Error {
  return new Error("the connection was closed");
}
