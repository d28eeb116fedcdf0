/** What all recorded work for one request has in common. @module */

import type { Context } from "@opentelemetry/api";
import type { RouteTracing, SpanInit } from "../../core/trace.ts";
import { type TraceContext, withoutTrace } from "./context/trace_context.ts";
import type { Propagation } from "./propagation.ts";
import type { RecordedSpan } from "./recorded_span.ts";
import { RecordedTrace } from "./recorded_trace.ts";
import type { SpanGroup } from "./span_group.ts";
import type { SpanMaker } from "./span_maker.ts";

/** How a request is recorded. */
export interface RecordInit {
  readonly maker: SpanMaker;
  readonly propagation: Propagation;
  /** What was read of the trace. */
  readonly from: TraceContext;
  /** Whether it was decided at the start that the trace is recorded: others are told so. */
  readonly sampled: boolean;
  /** What was decided, for all that begins in it. */
  readonly base: Context;
  /** Where its spans wait; `null`: they do not. */
  readonly group: SpanGroup | null;
  /** Whether its span stays active in what the gateway does by itself: for the runtime's client. @default false */
  readonly stays?: boolean;
}

/** The request itself. */
export interface RecordedRequest {
  readonly span: RecordedSpan;
  readonly route: RouteTracing | null;
}

/** The record of one request, or of work that it has set off. */
export class RequestRecord {
  readonly maker: SpanMaker;
  readonly from: TraceContext;
  readonly sampled: boolean;
  readonly group: SpanGroup | null;
  readonly stays: boolean;
  /** `null` for work that somebody else ends. */
  readonly request: RecordedRequest | null;
  readonly #propagation: Propagation;
  readonly #base: Context;

  constructor(
    { maker, propagation, from, sampled, base, group, stays = false }: RecordInit,
    request: RecordedRequest | null,
  ) {
    this.maker = maker;
    this.from = from;
    this.sampled = sampled;
    this.group = group;
    this.stays = stays;
    this.request = request;
    this.#propagation = propagation;
    this.#base = base;
  }

  lines(traceId: string, spanId: string): string {
    return this.#propagation.lines(traceId, spanId, this.sampled, this.from);
  }

  /** A trace of its own that is read if this one is. */
  detached(init: SpanInit): RecordedTrace {
    const { maker, sampled, group, stays } = this, propagation = this.#propagation, base = this.#base;
    const from = withoutTrace(this.from);
    const record = new RequestRecord({ maker, propagation, from, sampled, base, group, stays }, null);
    return new RecordedTrace(maker.begin(init, base), record);
  }
}
