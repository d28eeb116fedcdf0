/** Preflights: the question that a browser sends before a request to another origin (WHATWG Fetch, "CORS-preflight request"). @module */

import type { Exchange } from "../core/exchange.ts";

/** The field with the method that the browser would like to use. */
export const ASKED_METHOD = "access-control-request-method";

/**
 * Whether a request is a preflight: `OPTIONS` with an `Origin` and the method asked for. A plain `OPTIONS` has no such
 * field, and `OPTIONS *` asks about no resource.
 */
export function isPreflight(exchange: Pick<Exchange, "method" | "path" | "headers">): boolean {
  return exchange.method === "OPTIONS" && exchange.path !== "*" && exchange.headers.get("origin") !== null &&
    exchange.headers.get(ASKED_METHOD) !== null;
}
