/** A piece of work that is recorded. @module */

import { type Context, type Span as ApiSpan, SpanStatusCode, trace, TraceFlags } from "@opentelemetry/api";
import type { Span, SpanAttributes, SpanLink } from "../../core/trace.ts";
import { thrownMessage, thrownName, thrownStack } from "../../core/thrown.ts";
import type { SpanTime } from "./span_time.ts";

/** Longest text that a span has of anything: what is told of comes from clients, servers and users. */
export const MAX_TEXT = 4096;

/** A span of OpenTelemetry's, on the gateway's clock. */
export class RecordedSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly api: ApiSpan;
  readonly own: boolean;
  readonly #around: Context;
  readonly #time: SpanTime;
  #context: Context | null = null;
  #ended = false;

  /**
   * @param around the context that it was begun in
   * @param own whether the gateway has begun it, and will end it
   */
  constructor(span: ApiSpan, around: Context, time: SpanTime, own = true) {
    const { traceId, spanId } = span.spanContext();
    this.traceId = traceId;
    this.spanId = spanId;
    this.api = span;
    this.#around = around;
    this.#time = time;
    this.own = own;
  }

  /** The context of what is done under it. */
  get context(): Context {
    return this.#context ??= trace.setSpan(this.#around, this.api);
  }

  set(attributes: SpanAttributes): void {
    if (!this.#ended) this.api.setAttributes(attributes);
  }

  event(name: string, attributes?: SpanAttributes): void {
    if (!this.#ended) this.api.addEvent(name, attributes, this.#time.of());
  }

  fail(type: string, message?: string): void {
    if (this.#ended) return;
    this.api.setAttribute("error.type", type);
    this.api.setStatus({ code: SpanStatusCode.ERROR, message: message?.slice(0, MAX_TEXT) });
  }

  /** Something was thrown. */
  threw(cause: unknown): void {
    if (this.#ended) return;
    const name = thrownName(cause), message = thrownMessage(cause).slice(0, MAX_TEXT);
    // OpenTelemetry bounds the attributes of spans, and not those of events.
    this.api.recordException({ name, message, stack: thrownStack(cause).slice(0, MAX_TEXT) }, this.#time.of());
    this.fail(name);
  }

  link(to: SpanLink): void {
    if (!this.#ended) this.api.addLink(linkTo(to));
  }

  end(at?: number): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.own) this.api.end(this.#time.of(at));
  }
}

/** A link in the form of OpenTelemetry. */
export function linkTo({ traceId, spanId }: SpanLink) {
  return { context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED } };
}
