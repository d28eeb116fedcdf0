/** The answer to one request too many. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";
import { problem } from "../../http/problem.ts";

/** Seconds until a client should try again: load of this kind comes and goes. */
const RETRY_AFTER = "1";

/** 503 with `Retry-After` (RFC 9110 §15.6.4). */
export function overloadReply(exchange: Exchange): Reply {
  exchange.error = "overloaded";
  const reply = problem(exchange, { status: 503, code: "overloaded", detail: "Too many requests are under way." });
  reply.setHeader("retry-after", RETRY_AFTER);
  return reply;
}
