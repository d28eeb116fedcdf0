/** What a client is told when no endpoint answered. @module */

import type { Failed, FailureCode } from "../core/outcome.ts";
import type { Reply } from "../core/reply.ts";
import { problem, type ProblemOrigin } from "../http/problem.ts";

/** Status and sentence of each failure. 499 is nginx's word for a client that left; it is logged, never sent. */
const ANSWERS: { readonly [code in FailureCode]: { readonly status: number; readonly detail: string } } = {
  connect_refused: { status: 502, detail: "The upstream refused the connection." },
  connect_failed: { status: 502, detail: "The upstream could not be reached." },
  tls_failed: { status: 502, detail: "No secure connection to the upstream could be made." },
  connect_timeout: { status: 504, detail: "The upstream did not accept a connection in time." },
  pool_exhausted: { status: 503, detail: "All connections to the upstream are in use." },
  no_endpoint: { status: 503, detail: "The upstream has no endpoint that can take the request." },
  balancer_failed: { status: 500, detail: "The choice of an endpoint failed inside the gateway." },
  circuit_open: { status: 503, detail: "The upstream has failed too often and is left alone for a while." },
  upstream_overloaded: { status: 503, detail: "The upstream has as many requests as it may have." },
  deadline_exceeded: { status: 504, detail: "The time for the whole request is over." },
  upstream_reset: { status: 502, detail: "The upstream closed the connection before it answered." },
  upstream_timeout: { status: 504, detail: "The upstream did not answer in time." },
  upstream_protocol_error: { status: 502, detail: "The upstream's answer is not valid HTTP." },
  upstream_head_too_large: { status: 502, detail: "The head of the upstream's answer is too large." },
  request_body_failed: { status: 400, detail: "The request's body broke off." },
  request_body_timeout: { status: 408, detail: "The rest of the request's body did not come in time." },
  body_too_large: { status: 413, detail: "The request's body is too large." },
  client_closed_request: { status: 499, detail: "The client closed the request." },
};

/**
 * The problem document for a failed attempt (RFC 9457). The cause stays in the log.
 *
 * @param retryAfter milliseconds after which another try makes sense; 0: not known
 */
export function failureReply(failure: Failed, origin: ProblemOrigin, retryAfter = 0): Reply {
  const { status, detail } = ANSWERS[failure.code];
  const reply = problem(origin, { status, code: failure.code, detail });
  if (retryAfter > 0) reply.headers.add("retry-after", String(Math.ceil(retryAfter / 1_000)));
  return reply;
}
