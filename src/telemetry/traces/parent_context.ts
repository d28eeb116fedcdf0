/** The caller's span as a parent. @module */

import { type Context, createTraceState, trace, TraceFlags } from "@opentelemetry/api";
import type { TraceContext } from "./context/trace_context.ts";

/** `base`, with the caller's span for a parent where there is one. */
export function parentContext(base: Context, { traceId, spanId, flags, state }: TraceContext): Context {
  if (traceId === "") return base;
  return trace.setSpanContext(base, {
    traceId,
    spanId,
    traceFlags: flags & TraceFlags.SAMPLED,
    traceState: state === "" ? undefined : createTraceState(state),
    isRemote: true,
  });
}
