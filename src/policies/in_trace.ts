/** What users wrote, called where the trace is known. @module */

import type { Exchange } from "../core/exchange.ts";

/** Calls a function of the config's author on an exchange's behalf: in it, the API of OpenTelemetry knows the trace. */
export function inTrace<T>({ trace }: Pick<Exchange, "trace">, call: () => T): T {
  return trace === null ? call() : trace.run(call);
}
