/** The answer when a policy or handler threw. @module */

import { BodyError, type BodyFault } from "../core/body.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Log } from "../core/log.ts";
import type { Reply } from "../core/reply.ts";
import { thrownStack } from "../core/thrown.ts";
import { problem } from "../http/problem.ts";
import type { Refusal } from "./intake/refusal.ts";
import { BODY_TOO_LARGE } from "./intake/refusals.ts";

const INTERNAL: Refusal = {
  status: 500,
  code: "internal_error",
  detail: "The gateway could not answer this request.",
};

/** What is the client's own doing: its body, read by a policy or handler, did not end well. */
const BODIES: { readonly [fault in BodyFault]?: Refusal } = {
  "too-large": BODY_TOO_LARGE,
  client: { status: 400, code: "request_body_failed", detail: "The request's body broke off." },
  "client-timeout": {
    status: 408,
    code: "request_body_timeout",
    detail: "The rest of the request's body did not come in time.",
  },
};

/** The problem that the client sees. The cause of what is not the client's doing goes to the log, and nowhere else. */
export function failureOf(exchange: Exchange, cause: unknown, log: Log): Reply {
  const { requestId, route } = exchange;
  const answer = (cause instanceof BodyError ? BODIES[cause.fault] : undefined) ?? INTERNAL;
  exchange.error = answer.code;
  if (answer === INTERNAL) {
    log.error("a handler threw", { requestId, route, error: thrownStack(cause) });
  }
  return problem(exchange, answer);
}
