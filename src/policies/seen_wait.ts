/** Waits of policies, seen in traces. @module */

import type { Exchange } from "../core/exchange.ts";
import { thrownMessage, thrownName } from "../core/thrown.ts";
import type { SpanInit } from "../core/trace.ts";

/**
 * Has a wait that has just begun seen in the exchange's trace: a span that ends when it is over.
 *
 * @param init prepared, as it is the same for all
 * @returns the same promise, where nobody will read the trace
 */
export function seenWait<T>({ trace }: Pick<Exchange, "trace">, init: SpanInit, waiting: Promise<T>): Promise<T> {
  const span = trace === null ? null : trace.begin(init);
  if (span === null) return waiting;
  return waiting.then((value) => {
    span.end();
    return value;
  }, (error) => {
    span.fail(thrownName(error), thrownMessage(error));
    span.end();
    throw error;
  });
}

/** What a wait for a store begins with: those that keep one waiting are Redis. @param operation what is asked of it */
export function storeWait(operation: string): SpanInit {
  const attributes = { "db.system.name": "redis", "db.operation.name": operation };
  return Object.freeze({ name: `redis ${operation}`, kind: "client", attributes: Object.freeze(attributes) });
}
