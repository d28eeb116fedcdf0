/** The terminal that sends an exchange to an upstream: the attempt loop. @module */

import type { BuildEnv } from "../core/build_env.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Handler } from "../core/handler.ts";
import type { Failed, Outcome } from "../core/outcome.ts";
import type { Reply } from "../core/reply.ts";
import { VIA } from "../http/forwarded.ts";
import { roundTrip } from "../transport/http1_client.ts";
import type { Endpoint } from "./endpoint.ts";
import { failureReply } from "./failure_reply.ts";
import { RequestHeads } from "./request_head.ts";
import type { Upstream } from "./upstream.ts";
import type { TimeoutsPlan } from "./upstream_plan.ts";

/** How one route reaches its upstream. */
export interface ForwardOptions {
  readonly timeouts: TimeoutsPlan;
  /** Name of the request id's field, in lower case. */
  readonly requestIdField: string;
  /** The path sent upstream. */
  path(exchange: Exchange): string;
}

/** Makes the terminal of a route. */
export function forwardTo(upstream: Upstream, options: ForwardOptions, env: BuildEnv): Handler {
  const heads = new RequestHeads(options.requestIdField);
  return (exchange) =>
    new Promise((resolve) => {
      attempt(exchange, upstream, options, heads, (outcome) => resolve(toReply(exchange, outcome, env)));
    });
}

/** One try: the balancer picks, the transport sends. */
function attempt(
  exchange: Exchange,
  upstream: Upstream,
  options: ForwardOptions,
  heads: RequestHeads,
  settle: (outcome: Outcome) => void,
): void {
  const endpoint = upstream.balancer.pick(upstream.endpoints);
  exchange.attempts++;
  exchange.endpoint = endpoint.id;
  const target = options.path(exchange) + exchange.query;
  const request = {
    method: exchange.method,
    head: heads.head(exchange, target, hostFor(exchange, upstream, endpoint)),
    body: exchange.body,
    headTimeout: options.timeouts.head,
    idleTimeout: options.timeouts.idle,
    upgrade: exchange.upgrade !== "",
    expectsContinue: exchange.expectsContinue,
    inform: (status: number, fields: readonly string[]) => exchange.inform(status, fields),
  };
  roundTrip(endpoint.pool, request, options.timeouts, exchange, settle);
}

function hostFor(exchange: Exchange, upstream: Upstream, endpoint: Endpoint): string {
  const { host } = upstream;
  return host === "client" ? exchange.authority : host === "endpoint" ? endpoint.authority : host.value;
}

function toReply(exchange: Exchange, outcome: Outcome, env: BuildEnv): Reply {
  if (!outcome.ok) return toFailure(exchange, outcome, env);
  outcome.reply.headers.add("via", VIA);
  return outcome.reply;
}

function toFailure(exchange: Exchange, failure: Failed, env: BuildEnv): Reply {
  exchange.error = failure.code;
  if (failure.fault !== "client") {
    env.log.warn("upstream attempt failed", {
      code: failure.code,
      stage: failure.stage,
      endpoint: exchange.endpoint,
      route: exchange.route,
      requestId: exchange.requestId,
      cause: failure.cause instanceof Error ? failure.cause.message : undefined,
    });
  }
  return failureReply(failure, exchange.requestId);
}
