/** A body of the gateway as a web stream. @module */

import type { BodySource } from "../core/body.ts";

/** Size of the first buffer where the length is not known: most such bodies are small answers. */
const FIRST_BUFFER = 4 * 1024;
/** Size of the largest buffer. Bigger ones gain nothing (performance.md, part 2, streaming). */
const LARGEST_BUFFER = 256 * 1024;

/**
 * A `ReadableStream` over a {@link BodySource}. It reads one piece when somebody asks for one and nothing ahead; an error
 * of the source is the stream's error, and cancelling the stream cancels the source. Each piece has a buffer of its own,
 * so the reader may keep it.
 *
 * A stream that comes back unread gives its source back by {@link take}: a body that only passed through a web object
 * goes on without the detour.
 */
export class SourceStream extends ReadableStream<Uint8Array<ArrayBuffer>> {
  readonly #source: BodySource;
  readonly #use: { state: "unread" | "read" | "taken" };

  constructor(source: BodySource) {
    const use: { state: "unread" | "read" | "taken" } = { state: "unread" };
    const length = source.length;
    let size = length === undefined ? FIRST_BUFFER : Math.max(1, Math.min(length, LARGEST_BUFFER));
    super({
      pull(controller) {
        if (use.state === "taken") throw new TypeError("this body was handed on: it cannot be read here any more");
        use.state = "read";
        const buffer = new Uint8Array(size);
        const count = source.read(buffer);
        return typeof count === "number" ? deliver(count) : count.then(deliver);

        function deliver(count: number): void {
          if (count === 0) return controller.close();
          if (count === size) size = Math.min(size * 4, LARGEST_BUFFER);
          // A small piece must not keep a large buffer alive.
          controller.enqueue(count * 2 < buffer.length ? buffer.slice(0, count) : buffer.subarray(0, count));
        }
      },
      cancel() {
        if (use.state === "taken") return;
        use.state = "read";
        source.cancel();
      },
    }, { highWaterMark: 0 });
    this.#source = source;
    this.#use = use;
  }

  /** The source behind the stream, or `null` when somebody has read from it, holds it or has taken it. The stream is of no use afterwards. */
  take(): BodySource | null {
    if (this.#use.state !== "unread" || this.locked) return null;
    this.#use.state = "taken";
    return this.#source;
  }

  /** Whether the source has neither been read from nor taken, and nobody is about to. */
  get unread(): boolean {
    return this.#use.state === "unread" && !this.locked;
  }
}
