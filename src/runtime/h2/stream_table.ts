/** The streams of one connection. @module */

import type { H2Stream } from "./h2_stream.ts";
import { MAX_STREAMS } from "./settings.ts";

/** How many streams that we reset are remembered: more than can have frames under way. */
const REMEMBERED = 4 * MAX_STREAMS;

/** Knows in which state of RFC 9113 §5.1 a stream is. */
export class StreamTable {
  /** The highest stream that the client has opened. */
  last = 0;
  readonly #open = new Map<number, H2Stream>();
  /** Streams that we reset, oldest first: the client may have sent more before it knew. */
  readonly #reset = new Set<number>();

  /** Streams that at least one end has not closed. */
  get size(): number {
    return this.#open.size;
  }

  /** The streams as they are now. */
  all(): H2Stream[] {
    return [...this.#open.values()];
  }

  get(id: number): H2Stream | undefined {
    return this.#open.get(id);
  }

  add(stream: H2Stream): void {
    this.#open.set(stream.id, stream);
  }

  delete(id: number): boolean {
    return this.#open.delete(id);
  }

  /** Whether the client has not opened it. */
  isIdle(id: number): boolean {
    return id > this.last || id % 2 === 0;
  }

  /** Whether we reset it not long ago. */
  wasReset(id: number): boolean {
    return this.#reset.has(id);
  }

  rememberReset(id: number): void {
    this.#reset.add(id);
    if (this.#reset.size <= REMEMBERED) return;
    for (const oldest of this.#reset) {
      this.#reset.delete(oldest);
      return;
    }
  }
}
