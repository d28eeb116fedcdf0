/** A trace that somebody will read, or may. @module */

import type { ExchangeTrace, Span, SpanInit } from "../../core/trace.ts";
import type { PolicyHold } from "./policy_hold.ts";
import type { RecordedSpan } from "./recorded_span.ts";
import type { RequestRecord } from "./request_record.ts";
import { leaveSpan, runWithin } from "./user_work.ts";

/** The place of an exchange, or of a copy of it, in a recorded trace. */
export class RecordedTrace implements ExchangeTrace {
  readonly span: RecordedSpan;
  readonly record: RequestRecord;
  /** The policy that has the exchange and has neither let it go on nor answered it; `null` where none does. */
  hold: PolicyHold | null = null;

  constructor(span: RecordedSpan, record: RequestRecord) {
    this.span = span;
    this.record = record;
  }

  get traceId(): string {
    return this.span.traceId;
  }

  get spanId(): string {
    return this.span.spanId;
  }

  /** What is begun while a policy has the exchange is that policy's work. */
  begin(init: SpanInit): RecordedSpan {
    const under = this.hold === null ? this.span : this.hold.span;
    return this.record.maker.begin(init, under.context);
  }

  lines(span: Span | null): string {
    return this.record.lines(this.traceId, span === null ? this.spanId : span.spanId);
  }

  under(span: Span): RecordedTrace {
    return new RecordedTrace(span as RecordedSpan, this.record);
  }

  detached(init: SpanInit): RecordedTrace {
    const trace = this.record.detached({ ...init, links: [...init.links ?? [], this.span] });
    this.span.link(trace);
    return trace;
  }

  run<T>(work: () => T): T {
    return runWithin(this.span.context, work);
  }

  leave<T>(work: () => T): T {
    return this.record.stays ? work() : leaveSpan(work);
  }
}
