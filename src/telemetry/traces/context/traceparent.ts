/** The field `traceparent` (W3C Trace Context, levels 1 and 2). @module */

import { hexDigit } from "../../../core/hex_digit.ts";
import { isId, isLowerHex } from "./hex_ids.ts";
import { RANDOM, SAMPLED, type TraceContext } from "./trace_context.ts";

/** `00-` trace id `-` the caller's span id `-` flags: where each part begins, and where version 00 ends. */
const TRACE_ID = 3, SPAN_ID = 36, FLAGS = 53, END = 55;

const DASH = 0x2d, ZERO = 0x30, F = 0x66;

/**
 * The trace that the field names, or `null` where it is not valid; several fields, joined, never are. A higher version is
 * read as far as this one goes (level 2, §3.2.4).
 */
export function readTraceparent(text: string): TraceContext | null {
  if (!isTraceparent(text)) return null;
  const flags = ((hexDigit(text.charCodeAt(FLAGS)) << 4) | hexDigit(text.charCodeAt(FLAGS + 1))) & (SAMPLED | RANDOM);
  return {
    traceId: text.slice(TRACE_ID, TRACE_ID + 32),
    spanId: text.slice(SPAN_ID, SPAN_ID + 16),
    sampled: (flags & SAMPLED) !== 0,
    flags,
    state: "",
    baggage: "",
  };
}

/** Whether the text names a trace that can be continued. */
export function isTraceparent(text: string): boolean {
  if (text.length < END) return false;
  const version0 = text.charCodeAt(0), version1 = text.charCodeAt(1);
  if (!isLowerHex(version0) || !isLowerHex(version1) || (version0 === F && version1 === F)) return false;
  // What other versions have beyond begins with a dash; this one has nothing.
  if (text.length > END && ((version0 === ZERO && version1 === ZERO) || text.charCodeAt(END) !== DASH)) return false;
  return text.charCodeAt(TRACE_ID - 1) === DASH && isId(text, TRACE_ID, 32) &&
    text.charCodeAt(SPAN_ID - 1) === DASH && isId(text, SPAN_ID, 16) &&
    text.charCodeAt(FLAGS - 1) === DASH &&
    isLowerHex(text.charCodeAt(FLAGS)) && isLowerHex(text.charCodeAt(FLAGS + 1));
}

/** The field line, ended by CRLF. */
export function traceparentLine(traceId: string, spanId: string, flags: number): string {
  return "traceparent: 00-" + traceId + "-" + spanId + LINE_ENDS[flags & (SAMPLED | RANDOM)];
}

const LINE_ENDS: readonly string[] = ["-00\r\n", "-01\r\n", "-02\r\n", "-03\r\n"];
