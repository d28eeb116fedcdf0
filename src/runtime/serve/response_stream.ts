/** A body source as the stream of a web response. @module */

import type { BodySource } from "../../core/body.ts";

/** Bytes of a piece: small at first, larger while pieces come full. */
const FIRST_PIECE = 16 * 1024, LARGEST_PIECE = 256 * 1024;

/** How a stream ended. */
export type StreamEnding = "complete" | "broken" | "cancelled";

/** Told once how a stream ended, and how many bytes it gave away. */
export type StreamEnd = (ending: StreamEnding, bytes: number, cause?: unknown) => void;

/**
 * Pull only, nothing read ahead: a client that stops reading stops the endpoint. Each piece has a buffer of its own,
 * because the runtime writes it later without telling when.
 */
export class ResponseStream {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #source: BodySource;
  readonly #onEnd: StreamEnd;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #size = FIRST_PIECE;
  #bytes = 0;
  #ended = false;

  constructor(source: BodySource, onEnd: StreamEnd) {
    this.#source = source;
    this.#onEnd = onEnd;
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#pull(),
      cancel: () => {
        source.cancel();
        this.#end("cancelled");
      },
    }, { highWaterMark: 0 });
  }

  /** Breaks the stream off: the client sees that the body is not whole. */
  cut(reason: Error): void {
    if (this.#ended) return;
    this.#source.cancel();
    this.#end("broken", reason);
    this.#controller?.error(reason);
  }

  async #pull(): Promise<void> {
    const piece = new Uint8Array(this.#size);
    let count: number;
    try {
      count = await this.#source.read(piece);
    } catch (cause) {
      if (this.#ended) return;
      this.#end("broken", cause);
      throw cause;
    }
    if (this.#ended) return;
    if (count === 0) {
      this.#end("complete");
      this.#controller?.close();
      return;
    }
    this.#bytes += count;
    if (count === this.#size && this.#size < LARGEST_PIECE) this.#size *= 2;
    // A small piece must not keep a large buffer alive.
    this.#controller?.enqueue(count * 2 < piece.length ? piece.slice(0, count) : piece.subarray(0, count));
  }

  #end(ending: StreamEnding, cause?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd(ending, this.#bytes, cause);
  }
}
