/** One way from a route to an upstream, with everything that is prepared for all exchanges. @module */

import type { Body } from "../core/body.ts";
import type { BuildEnv } from "../core/build_env.ts";
import type { Exchange } from "../core/exchange.ts";
import type { WireRequest } from "../transport/wire_request.ts";
import type { AttemptSpan } from "./attempt_span.ts";
import type { Fallback } from "./fallback.ts";
import type { LiveEndpoint } from "./live_endpoint.ts";
import type { Mirror } from "./mirror.ts";
import { OutcomeSet } from "./outcome_set.ts";
import { RequestHeads } from "./request_head.ts";
import { LatencyPercentile } from "./retry/latency_percentile.ts";
import { DEFAULT_RETRY, type HedgePlan, type RetryPlan } from "./retry/retry_plan.ts";
import { type UnattendedWork, unattendedWork } from "./unattended_work.ts";
import type { Upstream } from "./upstream.ts";
import type { HopPlan, TimeoutsPlan } from "./upstream_plan.ts";

/** How one route reaches one upstream. */
export interface HopOptions extends HopPlan {
  /** Name of the request id's field, in lower case. */
  readonly requestIdField: string;
  /** What becomes of a request upstream whose client goes away. @default "cancel" */
  readonly onClientAbort?: "cancel" | "finish";
  /** Gets copies of the requests. @default nobody */
  readonly mirror?: Mirror | null;
  /** Answers when the upstream is out. @default nobody */
  readonly fallback?: Fallback | null;
  /** The path sent upstream. */
  path(exchange: Exchange): string;
}

/** Retries with what is looked up for each attempt. */
export interface HopRetry extends Omit<RetryPlan, "on"> {
  readonly on: OutcomeSet;
}

/** Hedging with the latencies that its delay may depend on. */
export interface HopHedge extends HedgePlan {
  /** `null`: the delay is fixed. */
  readonly latencies: LatencyPercentile | null;
}

/** What an attempt loop goes by. */
export interface Hop {
  readonly upstream: Upstream;
  readonly env: BuildEnv;
  readonly heads: RequestHeads;
  readonly timeouts: TimeoutsPlan;
  readonly retry: HopRetry | null;
  readonly hedge: HopHedge | null;
  /** Statuses that a second request under way is waited for: those that are tried again, also where nothing is. */
  readonly poor: OutcomeSet;
  /** Stands in for clients that left, where what they asked for is finished all the same. */
  readonly unattended: UnattendedWork | null;
  readonly mirror: Mirror | null;
  readonly fallback: Fallback | null;
  readonly path: (exchange: Exchange) => string;
}

/** Prepares a hop. */
export function buildHop(upstream: Upstream, options: HopOptions, env: BuildEnv): Hop {
  const { timeouts, retry, hedge, requestIdField, onClientAbort = "cancel", mirror = null, fallback = null } = options;
  const unattended = unattendedWork(env);
  return {
    upstream,
    env,
    heads: new RequestHeads(requestIdField, env.tracing?.fields),
    timeouts,
    retry: retry === null ? null : { ...retry, on: new OutcomeSet(retry.on) },
    poor: new OutcomeSet((retry ?? DEFAULT_RETRY).on),
    hedge: hedge === null ? null : { ...hedge, latencies: latenciesOf(hedge) },
    unattended: onClientAbort === "finish" ? unattended : null,
    mirror,
    fallback,
    path: (exchange) => options.path(exchange),
  };
}

function latenciesOf({ after }: HedgePlan): LatencyPercentile | null {
  return typeof after === "number" ? null : new LatencyPercentile(after.percentile);
}

/** The request that one endpoint is sent. */
export function requestTo(
  hop: Hop,
  exchange: Exchange,
  endpoint: LiveEndpoint,
  body: Body,
  span: AttemptSpan | null,
): WireRequest {
  const { heads, path, upstream, timeouts } = hop, target = path(exchange) + exchange.query;
  return {
    method: exchange.method,
    head: heads.head(exchange, target, upstream.hostFor(exchange, endpoint), span === null ? null : span.span),
    body,
    headTimeout: timeouts.head,
    idleTimeout: timeouts.idle,
    upgrade: exchange.upgrade,
    expectsContinue: exchange.expectsContinue,
    informed: exchange,
    watch: span,
  };
}
