/** What the next process is told of a trace. @module */

import type { Propagator } from "../../telemetry_plan.ts";
import { b3Line, b3Lines } from "./b3.ts";
import type { TraceContext } from "./trace_context.ts";
import { traceparentLine } from "./traceparent.ts";

/**
 * Writes field lines, each ended by CRLF.
 * @param spanId under which the next process's work is to stand
 * @param flags see `flagsToSend`
 * @param from what goes on as it came; `NO_TRACE` where the trace begins here
 */
export type ContextLines = (
  traceId: string,
  spanId: string,
  flags: number,
  from: Pick<TraceContext, "state" | "baggage">,
) => string;

/** The lines of all these propagators, in their order. */
export function contextLines(propagators: readonly Propagator[]): ContextLines {
  const lines = [...new Set(propagators)].map((propagator) => LINES[propagator]);
  return (traceId, spanId, flags, from) => {
    let text = "";
    for (let i = 0; i < lines.length; i++) text += lines[i](traceId, spanId, flags, from);
    return text;
  };
}

const LINES: Readonly<Record<Propagator, ContextLines>> = {
  tracecontext(traceId, spanId, flags, { state }) {
    const line = traceparentLine(traceId, spanId, flags);
    return state === "" ? line : line + "tracestate: " + state + "\r\n";
  },
  baggage: (_traceId, _spanId, _flags, { baggage }) => baggage === "" ? "" : "baggage: " + baggage + "\r\n",
  b3: b3Line,
  b3multi: b3Lines,
};
