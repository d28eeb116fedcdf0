/** The spans of one request, from its first to its last. @module */

import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import type { SpanSink } from "./span_sink.ts";

/** Most spans that are held for one request; those beyond are lost when it turns out to be worth reading. */
const MAX_HELD = 1000;

/**
 * Holds spans until it is known whether somebody will read them, or, for a sink that wants them together, until all are
 * over. Work that nobody waits for may end long after the request: its spans then go the way of the others.
 */
export class SpanGroup {
  readonly #sink: SpanSink;
  #held: ReadableSpan[] | null = [];
  #open = 0;
  /** `null`: not known yet. */
  #kept: boolean | null = null;

  constructor(sink: SpanSink) {
    this.#sink = sink;
  }

  /** A span of it has begun. */
  began(): void {
    this.#open++;
  }

  /** A span of it is over. */
  ended(span: ReadableSpan): void {
    this.#open--;
    if (this.#kept === false) return;
    if (this.#held === null) this.#held = [span];
    else if (this.#held.length < MAX_HELD) this.#held.push(span);
    if (this.#kept === true) this.#pass();
  }

  /** The request is over, and this is what becomes of its spans. */
  settle(kept: boolean): void {
    this.#kept = kept;
    if (kept) this.#pass();
    else this.#held = null;
  }

  #pass(): void {
    if (this.#held === null || (this.#sink.whole && this.#open > 0)) return;
    const spans = this.#held;
    this.#held = null;
    this.#sink.take(spans);
  }
}
