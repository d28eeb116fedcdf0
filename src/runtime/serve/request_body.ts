/** A web request's body as a source. @module */

import { BodyError, type BodySource } from "../../core/body.ts";

/** Reads the stream of a `Request`. Its pieces come in the runtime's sizes, so what does not fit is kept for the next read. */
export class StreamSource implements BodySource {
  readonly length: number | undefined;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #piece: Uint8Array | null = null;
  #at = 0;
  #ended = false;
  /** Bytes read so far. */
  bytes = 0;

  constructor(stream: ReadableStream<Uint8Array>, length: number | undefined) {
    this.#reader = stream.getReader();
    this.length = length;
  }

  read(into: Uint8Array): number | Promise<number> {
    if (this.#piece !== null) return this.#take(this.#piece, into);
    return this.#ended ? 0 : this.#pull(into);
  }

  cancel(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#piece = null;
    // It rejects when the client has gone already: then there is nothing left to cancel.
    this.#reader.cancel().catch(() => {});
  }

  async #pull(into: Uint8Array): Promise<number> {
    for (;;) {
      let result: ReadableStreamReadResult<Uint8Array>;
      try {
        result = await this.#reader.read();
      } catch (cause) {
        this.#ended = true;
        throw new BodyError("client", "the client broke off the request's body", { cause });
      }
      if (this.#ended || result.done) {
        this.#ended = true;
        return 0;
      }
      if (result.value.length > 0) return this.#take(result.value, into);
    }
  }

  #take(piece: Uint8Array, into: Uint8Array): number {
    const count = Math.min(piece.length - this.#at, into.length);
    into.set(count === piece.length ? piece : piece.subarray(this.#at, this.#at + count));
    this.#at += count;
    this.bytes += count;
    if (this.#at === piece.length) {
      this.#piece = null;
      this.#at = 0;
    } else {
      this.#piece = piece;
    }
    return count;
  }
}
