/** A connection after the endpoint switched protocols. @module */

import type { ByteStream } from "../core/byte_stream.ts";

/** Who must know that the connection is over. */
interface TunnelOwner {
  close(): void;
}

/** The endpoint's bytes, those first that came together with its 101. */
export class Tunnel implements ByteStream {
  readonly #owner: TunnelOwner;
  readonly #socket: ByteStream;
  #ready: Uint8Array;

  constructor(owner: TunnelOwner, socket: ByteStream, ready: Uint8Array) {
    this.#owner = owner;
    this.#socket = socket;
    this.#ready = ready;
  }

  read(into: Uint8Array): Promise<number | null> {
    const ready = this.#ready;
    if (ready.length === 0) return this.#socket.read(into);
    const count = Math.min(into.length, ready.length);
    into.set(ready.subarray(0, count));
    this.#ready = ready.subarray(count);
    return Promise.resolve(count);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#socket.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#socket.closeWrite();
  }

  close(): void {
    this.#owner.close();
  }
}
