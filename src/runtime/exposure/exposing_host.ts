/** A listener that answers probes and scrapes beside routes. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { EngineHost } from "../engine.ts";
import type { Page } from "./pages.ts";

/**
 * `host`, with GET and HEAD for a page answered before any route is looked for, also when too many requests are under way:
 * who is busy is alive. What else is asked of these paths goes to the routes. These answers are none of the traffic: they
 * are in no log, metric or trace.
 */
export function exposingHost(host: EngineHost, pages: ReadonlyMap<string, Page>): EngineHost {
  const longest = Math.max(0, ...[...pages.keys()].map(({ length }) => length));
  /** Exchanges with a page that are not over. */
  const shown = new Set<Exchange>();
  const pageFor = (exchange: Exchange): Page | undefined => {
    const { path, method } = exchange;
    // Few paths are as short as these.
    if (path.length > longest || (method !== "GET" && method !== "HEAD")) return undefined;
    const page = pages.get(path);
    if (page !== undefined) shown.add(exchange);
    return page;
  };
  return {
    handle(exchange) {
      const page = pageFor(exchange);
      return page === undefined ? host.handle(exchange) : page(exchange);
    },
    overloaded(exchange) {
      const page = pageFor(exchange);
      return page === undefined ? host.overloaded(exchange) : page(exchange);
    },
    local: (exchange, answer) => host.local(exchange, answer),
    crashed: (exchange, cause) => host.crashed(exchange, cause),
    completed(exchange, status, bytesIn, bytesOut) {
      if (shown.size > 0 && shown.delete(exchange)) exchange.end();
      else host.completed(exchange, status, bytesIn, bytesOut);
    },
    get draining() {
      return host.draining;
    },
    requestIdField: host.requestIdField,
  };
}
