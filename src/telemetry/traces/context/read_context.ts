/** What a request's fields say of its trace, by the ways of telling that the config names. @module */

import type { HeaderList } from "../../../core/header_list.ts";
import type { Propagator } from "../../telemetry_plan.ts";
import { B3_FIELDS, readB3 } from "./b3.ts";
import { readBaggage } from "./baggage.ts";
import { NO_TRACE, type TraceContext } from "./trace_context.ts";
import { readTraceparent } from "./traceparent.ts";
import { readTracestate } from "./tracestate.ts";

const FIELDS: Readonly<Record<Propagator, readonly string[]>> = {
  tracecontext: ["traceparent", "tracestate"],
  baggage: ["baggage"],
  // Either form is understood, so neither may go on beside the other.
  b3: B3_FIELDS,
  b3multi: B3_FIELDS,
};

/** Names, in lower case, of all fields that these propagators read or write. */
export function fieldNames(propagators: readonly Propagator[]): string[] {
  return [...new Set(propagators.flatMap((propagator) => FIELDS[propagator]))];
}

/** What the fields say: of the trace, the first propagator that has something valid; and the baggage. `null`: nothing. */
export function readContext(headers: HeaderList, propagators: readonly Propagator[]): TraceContext | null {
  let context: TraceContext | null = null, baggage = "";
  for (let i = 0; i < propagators.length; i++) {
    const propagator = propagators[i];
    if (propagator === "baggage") {
      const text = headers.get("baggage");
      if (text !== null) baggage = readBaggage(text);
    } else if (context === null) {
      context = propagator === "tracecontext" ? readTraceContext(headers) : readB3(headers);
    }
  }
  return baggage === "" ? context : { ...(context ?? NO_TRACE), baggage };
}

/** `tracestate` counts only beside a `traceparent` that is valid (W3C Trace Context, level 2, §3.3). */
function readTraceContext(headers: HeaderList): TraceContext | null {
  const parent = headers.get("traceparent");
  const context = parent === null ? null : readTraceparent(parent);
  if (context === null) return null;
  const state = headers.get("tracestate");
  return state === null ? context : { ...context, state: readTracestate(state) };
}
