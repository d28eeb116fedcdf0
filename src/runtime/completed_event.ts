/** What is told of an exchange that is over. @module */

import type { RequestCompleted } from "../core/events.ts";
import type { Exchange } from "../core/exchange.ts";

/** @param duration milliseconds; the rest as `EngineHost.completed` has it */
export function completedEvent(
  exchange: Exchange,
  status: number,
  duration: number,
  bytesIn: number,
  bytesOut: number,
): RequestCompleted {
  const { identity, trace } = exchange;
  return {
    method: exchange.method,
    path: exchange.path,
    host: exchange.host,
    route: exchange.route,
    status,
    duration,
    bytesIn,
    bytesOut,
    endpoint: exchange.endpoint,
    attempts: exchange.attempts,
    requestId: exchange.requestId,
    client: exchange.client.ip,
    error: exchange.error,
    limit: exchange.limit,
    auth: exchange.auth,
    cache: exchange.cache,
    identity: identity?.consumer ?? identity?.subject ?? "",
    reason: exchange.reason,
    traceId: trace === null ? "" : trace.traceId,
    traced: trace !== null && trace.span !== null,
    exchange,
  };
}
