/** The fields of B3: `b3` alone, or several `x-b3-…` (openzipkin/b3-propagation). @module */

import type { HeaderList } from "../../../core/header_list.ts";
import { isId } from "./hex_ids.ts";
import { DEBUG, NO_TRACE, SAMPLED, type TraceContext } from "./trace_context.ts";

/** All fields that B3 has, in lower case. */
export const B3_FIELDS: readonly string[] = Object.freeze([
  "b3",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "x-b3-flags",
]);

/** A decision without a trace, by what `b3` says. */
const DECISIONS: ReadonlyMap<string, TraceContext> = new Map(
  (["0", "1", "d"] as const).map((state) => {
    const { sampled, flags } = decided(state);
    return [state, Object.freeze({ ...NO_TRACE, sampled, flags: flags | NO_TRACE.flags })];
  }),
);

/** `trace id - span id - decision - parent's span id`, without the last or the last two. */
const SINGLE = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-([01d])(?:-[0-9a-f]{16})?)?$/;

/** The trace that the fields name, or at least what was decided of it; `null` where neither is said, or it is not valid. */
export function readB3(headers: HeaderList): TraceContext | null {
  const single = headers.get("b3");
  return single === null ? readMultiple(headers) : readSingle(single);
}

function readSingle(text: string): TraceContext | null {
  const decision = DECISIONS.get(text);
  if (decision !== undefined) return decision;
  const parts = SINGLE.exec(text);
  return parts === null ? null : named(parts[1], parts[2], parts[3] ?? null);
}

function readMultiple(headers: HeaderList): TraceContext | null {
  const traceId = headers.get("x-b3-traceid"), spanId = headers.get("x-b3-spanid");
  const state = headers.get("x-b3-flags") === "1" ? "d" : stateOf(headers.get("x-b3-sampled"));
  if (traceId !== null && spanId !== null) return named(traceId, spanId, state);
  return traceId !== null || spanId !== null || state === null ? null : DECISIONS.get(state)!;
}

/** Older senders write words. */
function stateOf(sampled: string | null): string | null {
  if (sampled === "1" || sampled === "true") return "1";
  return sampled === "0" || sampled === "false" ? "0" : null;
}

function named(traceId: string, spanId: string, state: string | null): TraceContext | null {
  // Ids of traces have 128 bits, or 64.
  if ((traceId.length !== 32 && traceId.length !== 16) || !isId(traceId, 0, traceId.length)) return null;
  if (spanId.length !== 16 || !isId(spanId, 0, 16)) return null;
  return { ...NO_TRACE, ...decided(state), traceId: traceId.padStart(32, "0"), spanId };
}

function decided(state: string | null): { readonly sampled: boolean | null; readonly flags: number } {
  if (state === null) return { sampled: null, flags: 0 };
  return state === "0"
    ? { sampled: false, flags: 0 }
    : { sampled: true, flags: state === "d" ? SAMPLED | DEBUG : SAMPLED };
}

/** The field line of `b3`, ended by CRLF. */
export function b3Line(traceId: string, spanId: string, flags: number): string {
  const state = (flags & DEBUG) !== 0 ? "-d\r\n" : (flags & SAMPLED) !== 0 ? "-1\r\n" : "-0\r\n";
  return "b3: " + traceId + "-" + spanId + state;
}

/** The field lines of `x-b3-…`, each ended by CRLF. */
export function b3Lines(traceId: string, spanId: string, flags: number): string {
  // Who asks for debugging has decided with it, and says no more.
  const state = (flags & DEBUG) !== 0
    ? "x-b3-flags: 1"
    : (flags & SAMPLED) !== 0
    ? "x-b3-sampled: 1"
    : "x-b3-sampled: 0";
  return "x-b3-traceid: " + traceId + "\r\nx-b3-spanid: " + spanId + "\r\n" + state + "\r\n";
}
