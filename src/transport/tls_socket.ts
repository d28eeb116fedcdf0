/**
 * TLS sockets on `node:tls`: `Deno.connectTls` offers neither a server name other than the host name nor
 * TCP_NODELAY, without which every second write of a message waits for the peer's delayed acknowledgement.
 *
 * @module
 */

import { isIP } from "node:net";
import * as tls from "node:tls";
import type { ByteStream } from "../core/byte_stream.ts";
import type { TlsSettings } from "./socket.ts";

/** Bytes that may wait unread before the peer is held back. */
const HIGH_WATER = 256 * 1024;

/** Connects and shakes hands. @throws the runtime's error: a refused certificate carries a `code` such as `UNABLE_TO_VERIFY_LEAF_SIGNATURE` */
export function connectTls(
  hostname: string,
  port: number,
  settings: TlsSettings,
  signal: AbortSignal,
): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: hostname,
      port,
      // RFC 6066 §3: an address is no server name.
      servername: isIP(settings.serverName) === 0 ? settings.serverName : undefined,
      ca: settings.ca ?? undefined,
      cert: settings.cert ?? undefined,
      key: settings.key ?? undefined,
      rejectUnauthorized: !settings.insecureSkipVerify,
      ALPNProtocols: ["http/1.1"],
    });
    socket.setNoDelay(true);
    const fail = (error: unknown) => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      reject(error);
    };
    const onAbort = () => fail(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      signal.removeEventListener("abort", onAbort);
      socket.off("error", fail);
      resolve(new TlsSocket(socket));
    });
  });
}

/** Turns the events of a `node:tls` socket into reads and writes. */
class TlsSocket implements ByteStream {
  readonly #socket: tls.TLSSocket;
  /** Received pieces that nobody has read yet; the first may be partly read. */
  readonly #pieces: Uint8Array[] = [];
  #offset = 0;
  #buffered = 0;
  #ended = false;
  #error: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(socket: tls.TLSSocket) {
    this.#socket = socket;
    socket.on("data", (piece: Uint8Array) => {
      this.#pieces.push(piece);
      this.#buffered += piece.length;
      if (this.#buffered >= HIGH_WATER) socket.pause();
      this.#notify();
    });
    socket.on("end", () => this.#end(null));
    socket.on("error", (error: Error) => this.#end(error));
    socket.on("close", () => this.#end(null));
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#buffered === 0) {
      if (this.#error !== null) throw this.#error;
      if (this.#ended) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const piece = this.#pieces[0];
    const count = Math.min(into.length, piece.length - this.#offset);
    into.set(piece.subarray(this.#offset, this.#offset + count));
    this.#offset += count;
    this.#buffered -= count;
    if (this.#offset === piece.length) {
      this.#pieces.shift();
      this.#offset = 0;
    }
    if (this.#buffered < HIGH_WATER && this.#socket.isPaused()) this.#socket.resume();
    return count;
  }

  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      // The stream keeps what it is given until it is sent, and the caller's buffer will be filled again: hence the copy.
      this.#socket.write(bytes.slice(), (error) => error ? reject(error) : resolve(bytes.length));
    });
  }

  closeWrite(): Promise<void> {
    return new Promise((resolve) => this.#socket.end(() => resolve()));
  }

  close(): void {
    this.#socket.destroy();
    this.#end(null);
  }

  #end(error: Error | null): void {
    this.#ended = true;
    this.#error ??= error;
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
