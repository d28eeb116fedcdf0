/** What users wrote, as the API of OpenTelemetry sees it. @module */

import { type Context, context, ROOT_CONTEXT } from "@opentelemetry/api";

/** Calls `work`: in it, and in what it waits for, `within` is the active context. */
export function runWithin<T>(within: Context, work: () => T): T {
  return context.with(within, work);
}

/** Calls `work` with no span active. */
export function leaveSpan<T>(work: () => T): T {
  return context.with(ROOT_CONTEXT, work);
}
