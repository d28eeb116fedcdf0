/** Traces for whoever sits at the terminal. @module */

import { SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import type { SpanSink } from "./span_sink.ts";
import { traceTree, type TreeSpan } from "./trace_tree.ts";

/** Prints each trace when the last of its spans is over. For development: it waits for whatever it prints to. */
export class ConsoleSink implements SpanSink {
  readonly whole = true;
  readonly dropped = 0;
  readonly #print: (text: string) => void;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  take(spans: readonly ReadableSpan[]): void {
    if (spans.length === 0) return;
    // Work in a trace of its own may be among them.
    for (const [traceId, own] of Map.groupBy(spans, (span) => span.spanContext().traceId)) {
      this.#print(`trace ${traceId}\n${traceTree(own.map(treeSpan))}\n\n`);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A span of OpenTelemetry's, as {@link traceTree} takes it. */
function treeSpan(span: ReadableSpan): TreeSpan {
  const { name, attributes, events, status } = span;
  return {
    name,
    spanId: span.spanContext().spanId,
    parentId: span.parentSpanContext?.spanId ?? "",
    startedAt: milliseconds(span.startTime),
    endedAt: milliseconds(span.endTime),
    attributes,
    events: events.map(({ name, attributes = {} }) => ({ name, attributes })),
    error: status.code === SpanStatusCode.ERROR ? String(attributes["error.type"] ?? status.message ?? "error") : "",
  };
}

function milliseconds([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1000 + nanoseconds / 1e6;
}
