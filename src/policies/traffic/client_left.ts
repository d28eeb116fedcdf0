/** The reply to a request that nobody waits for any more. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";
import { problem } from "../../http/problem.ts";

/** What stands in the log of a client that did not wait: nginx's 499, never sent. */
const LEFT = "client_closed_request";

/** What policies see of such a request; engines drop it. */
export function clientLeft(exchange: Exchange): Reply {
  exchange.error = LEFT;
  return problem(exchange, { status: 499, code: LEFT, detail: "The client closed the request." });
}
