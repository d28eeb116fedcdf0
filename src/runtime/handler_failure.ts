/** The answer when a policy or handler threw. @module */

import { BodyError } from "../core/body.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Log } from "../core/log.ts";
import type { Reply } from "../core/reply.ts";
import { problem } from "../http/problem.ts";

/**
 * The problem that the client sees: 413 for a body that was read beyond its limit, 400 for one that broke off, else 500.
 * The cause goes to the log with the request's id, and nowhere else.
 */
export function failureOf(exchange: Exchange, cause: unknown, log: Log): Reply {
  const { requestId, route } = exchange;
  if (cause instanceof BodyError && cause.fault === "too-large") {
    exchange.error = "body_too_large";
    return problem({ status: 413, code: "body_too_large", detail: "The request's body is too large.", requestId });
  }
  if (cause instanceof BodyError && cause.fault === "client") {
    exchange.error = "request_body_failed";
    return problem({ status: 400, code: "request_body_failed", detail: "The request's body broke off.", requestId });
  }
  exchange.error = "internal_error";
  log.error("a handler threw", {
    requestId,
    route,
    error: cause instanceof Error ? cause.stack ?? cause.message : String(cause),
  });
  return problem({
    status: 500,
    code: "internal_error",
    detail: "The gateway could not answer this request.",
    requestId,
  });
}
