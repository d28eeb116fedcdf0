/** Answers for requests that no route takes. @module */

import type { Exchange } from "../core/exchange.ts";
import type { Handler } from "../core/handler.ts";
import { HeaderList } from "../core/header_list.ts";
import { Reply } from "../core/reply.ts";
import { problem } from "../http/problem.ts";

/**
 * The terminal behind the global chain where there is no route: 404; 405 with `Allow` where only the method is wrong
 * (RFC 9110 §15.5.6); and 204 with `Allow` for OPTIONS, which asks just that (§9.3.7).
 *
 * @param allowedMethods the methods that routes take at the exchange's host and path; none: nothing is there
 */
export function unrouted(allowedMethods: (exchange: Exchange) => readonly string[]): Handler {
  return (exchange) => {
    const allowed = allowedMethods(exchange);
    if (allowed.length === 0) {
      return problem(exchange, { status: 404, code: "route_not_found", detail: "No route takes this host and path." });
    }
    const allow = allowed.join(", ");
    if (exchange.method === "OPTIONS") return new Reply(204, HeaderList.of("allow", allow), null);
    const reply = problem(exchange, { status: 405, code: "method_not_allowed", detail: `This path takes ${allow}.` });
    reply.setHeader("allow", allow);
    return reply;
  };
}
