/** A trace that nobody will read. @module */

import { type Context, ROOT_CONTEXT, trace, TraceFlags } from "@opentelemetry/api";
import type { ExchangeTrace } from "../../core/trace.ts";
import { type TraceContext, withoutTrace } from "./context/trace_context.ts";
import type { Propagation } from "./propagation.ts";

/** Passes ids on: nothing of OpenTelemetry is made for it, unless users have functions of their own on the way. */
export class UnrecordedTrace implements ExchangeTrace {
  readonly traceId: string;
  readonly spanId: string;
  readonly span = null;
  readonly #from: TraceContext;
  readonly #propagation: Propagation;

  /** @param from what was read of the trace */
  constructor(traceId: string, spanId: string, from: TraceContext, propagation: Propagation) {
    this.traceId = traceId;
    this.spanId = spanId;
    this.#from = from;
    this.#propagation = propagation;
  }

  begin(): null {
    return null;
  }

  lines(): string {
    return this.#propagation.lines(this.traceId, this.spanId, false, this.#from);
  }

  /** Nobody has a span to give. */
  under(): ExchangeTrace {
    return this;
  }

  detached(): ExchangeTrace {
    const propagation = this.#propagation;
    return new UnrecordedTrace(
      propagation.newTraceId(),
      propagation.newSpanId(),
      withoutTrace(this.#from),
      propagation,
    );
  }

  run<T>(work: () => T): T {
    return this.#propagation.users.run(() => this.#context(), work);
  }

  leave<T>(work: () => T): T {
    return this.#propagation.users.leave(work);
  }

  #context(): Context {
    const { traceId, spanId } = this;
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.NONE });
  }
}
