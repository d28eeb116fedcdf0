/** What a gateway that does nothing but read and write tells its upstream. @module */

import { HeaderList } from "../../../../src/core/header_list.ts";
import { contextLines } from "../../../../src/telemetry/traces/context/context_lines.ts";
import { readContext } from "../../../../src/telemetry/traces/context/read_context.ts";
import { flagsToSend, NO_TRACE } from "../../../../src/telemetry/traces/context/trace_context.ts";
import type { Propagator } from "../../../../src/telemetry/telemetry_plan.ts";

/** Ids that it makes. */
export const NEW_TRACE = "f".repeat(32), NEW_SPAN = "e".repeat(16);

/** The field lines, the caller's decision taken over, and "no" where it leaves it to others. */
export function passedOn(fields: readonly string[], propagators: readonly Propagator[]): string[] {
  const context = readContext(HeaderList.of(...fields), propagators) ?? NO_TRACE, known = context.traceId !== "";
  const flags = flagsToSend(context.flags, context.sampled ?? false);
  const lines = contextLines(propagators)(known ? context.traceId : NEW_TRACE, NEW_SPAN, flags, context);
  return lines.split("\r\n").slice(0, -1);
}
