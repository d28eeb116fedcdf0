/** The terminal that sends an exchange to an upstream: the attempt loop. @module */

import { isBodySource } from "../core/body.ts";
import type { BuildEnv } from "../core/build_env.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Handler } from "../core/handler.ts";
import type { Failed } from "../core/outcome.ts";
import type { Reply } from "../core/reply.ts";
import { viaValue } from "../http/forwarded.ts";
import type { TransportOutcome, Waiting } from "../transport/transport.ts";
import type { Endpoint } from "./endpoint.ts";
import { failureReply } from "./failure_reply.ts";
import { FinishedBody } from "./finished_body.ts";
import { RequestHeads } from "./request_head.ts";
import { forwardedBody } from "./request_trailers.ts";
import { UnattendedWork } from "./unattended_work.ts";
import type { Upstream } from "./upstream.ts";
import type { TimeoutsPlan } from "./upstream_plan.ts";

/** How one route reaches its upstream. */
export interface ForwardOptions {
  readonly timeouts: TimeoutsPlan;
  /** Name of the request id's field, in lower case. */
  readonly requestIdField: string;
  /** What becomes of a request upstream whose client goes away. @default "cancel" */
  readonly onClientAbort?: "cancel" | "finish";
  /** The path sent upstream. */
  path(exchange: Exchange): string;
}

/** What is prepared for all exchanges of a route. */
interface Hop extends ForwardOptions {
  readonly upstream: Upstream;
  readonly heads: RequestHeads;
  readonly env: BuildEnv;
  /** Stands in for clients that left, where what they asked for is finished all the same. */
  readonly unattended: UnattendedWork | null;
}

/** Makes the terminal of a route. */
export function forwardTo(upstream: Upstream, options: ForwardOptions, env: BuildEnv): Handler {
  // Asked for by every route, so that a plan whose last such route is gone still finishes what was begun.
  const unattended = env.state("upstreams/unattended", null, newUnattended);
  const hop: Hop = {
    ...options,
    upstream,
    env,
    heads: new RequestHeads(options.requestIdField),
    unattended: options.onClientAbort === "finish" ? unattended : null,
  };
  return (exchange) =>
    new Promise((resolve) => {
      attempt(exchange, hop, (outcome) => resolve(toReply(exchange, outcome, hop)));
    });
}

function newUnattended(): UnattendedWork {
  return new UnattendedWork();
}

/** One try: the balancer picks, the transport sends. */
function attempt(exchange: Exchange, hop: Hop, settle: (outcome: TransportOutcome) => void): void {
  const { upstream, timeouts } = hop, client: Waiting = hop.unattended ?? exchange;
  const endpoint = upstream.balancer.pick(upstream.endpoints);
  exchange.attempts++;
  exchange.endpoint = endpoint.id;
  const target = hop.path(exchange) + exchange.query;
  const request = {
    method: exchange.method,
    head: hop.heads.head(exchange, target, hostFor(exchange, upstream, endpoint)),
    body: forwardedBody(exchange),
    headTimeout: timeouts.head,
    idleTimeout: timeouts.idle,
    upgrade: exchange.upgrade,
    expectsContinue: exchange.expectsContinue,
    informed: exchange,
  };
  endpoint.transport.send(request, timeouts, client, settle);
}

function hostFor(exchange: Exchange, upstream: Upstream, endpoint: Endpoint): string {
  const { host } = upstream;
  if (host === "endpoint") return endpoint.authority;
  // A client in HTTP/1.0 may name no host, and every request in HTTP/1.1 has one (RFC 9112 §3.2).
  return host === "client" ? exchange.authority || endpoint.authority : host.value;
}

function toReply(exchange: Exchange, outcome: TransportOutcome, { env, unattended, timeouts }: Hop): Reply {
  if (!outcome.ok) return toFailure(exchange, outcome, env);
  const { reply, version } = outcome;
  reply.headers.add("via", viaValue(null, version));
  if (unattended !== null && isBodySource(reply.body)) {
    reply.body = new FinishedBody(reply.body, unattended, env.deadlines, timeouts.idle);
  }
  return reply;
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
