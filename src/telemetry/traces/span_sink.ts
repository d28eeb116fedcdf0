/** Where spans go that are over. @module */

import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";

/** Takes spans; it never holds anything up. */
export interface SpanSink {
  /** Spans of one trace, in the order of their ends. */
  take(spans: readonly ReadableSpan[]): void;
  /** Whether it wants the spans of a request together, when the last of them is over. */
  readonly whole: boolean;
  /** Spans that it could not keep, or not send. */
  readonly dropped: number;
  /** Sends what has not been sent; it takes a few seconds at most. */
  close(): Promise<void>;
}
