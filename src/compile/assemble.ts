/** From the plan to functions: what an engine calls for each exchange. @module */

import type { BuildEnv } from "../core/build_env.ts";
import type { Exchange, Params } from "../core/exchange.ts";
import type { Handler, MaybePromise, Middleware } from "../core/handler.ts";
import type { Reply } from "../core/reply.ts";
import type { StoreEnv } from "../core/store.ts";
import type { RouteTracing } from "../core/trace.ts";
import { ASKED_METHOD, isPreflight } from "../http/preflight.ts";
import { parsePattern, type Pattern } from "../routing/pattern.ts";
import { isPatternError } from "../routing/pattern_error.ts";
import { decodeParams } from "../routing/params.ts";
import { Router } from "../routing/router.ts";
import type { Http1Client } from "../transport/http1_client.ts";
import { dispatcher } from "../upstreams/dispatch.ts";
import { buildUpstream, type Upstream } from "../upstreams/upstream.ts";
import { buildPolicy, type BuiltPolicy } from "./built_policy.ts";
import { consumerChains } from "./consumer_chains.ts";
import { consumersOf } from "./consumers.ts";
import { foldChain } from "./fold_chain.ts";
import type { Plan, PolicyPlan, RoutePlan } from "./plan.ts";
import { askedFor, preflightChain } from "./preflight_chain.ts";
import { routeEntry } from "./route_entries.ts";
import { stores } from "./stores.ts";
import { terminalOf } from "./terminal.ts";
import { unrouted } from "./unrouted.ts";

/** A route with its chain folded. */
interface AssembledRoute {
  readonly id: string;
  /** `null` where the path has no parameters. */
  readonly readParams: ((captures: readonly string[]) => Params) | null;
  readonly handler: Handler;
  /** Answers CORS preflights for it; `null` where no policy of its chain does. */
  readonly preflight: Handler | null;
}

/** A plan at work. */
export interface Assembled {
  readonly handle: Handler;
  readonly upstreams: readonly Upstream[];
}

/** The world of a plan, without what the plan itself provides. */
export type World = Omit<BuildEnv, "dispatch" | "store" | "localStore" | "consumers"> & StoreEnv;

/**
 * Builds every upstream, policy and terminal once and binds them. The order of the stack stands here: routing first, so
 * that the global chain sees the route; then the global policies, the route's own, and the target. Behind each policy that
 * finds out who is asking come those of the consumer, if it is one that has any. A CORS preflight takes
 * the way of the request that it asks about, as far as policies run for preflights at all.
 *
 * @throws ConfigError, or what a policy's `build` throws, when something the plan names cannot be had
 */
export function assemble(plan: Plan, world: World, client: Http1Client): Assembled {
  const upstreams = new Map<string, Upstream>();
  const durationBounds = plan.telemetry.metrics?.buckets, consumers = consumersOf(plan.consumers);
  const within = { ...world, ...stores(plan.stores, world), consumers, durationBounds };
  const log = world.log.in("upstreams");
  const env: BuildEnv = {
    ...within,
    dispatch: dispatcher(upstreams, client, { ...within, log }, plan.requestId.header),
  };
  const outwards: BuildEnv = { ...env, log }, inside: BuildEnv = { ...env, log: world.log.in("handlers") };
  for (const upstream of plan.upstreams) upstreams.set(upstream.name, buildUpstream(upstream, client, outwards));

  const behind = consumerChains(plan.consumers, env), built = (node: PolicyPlan) => behind(buildPolicy(node, env));
  const global = plan.policies.map(built);
  const fold = (chain: readonly BuiltPolicy[], terminal: Handler) => foldChain(chain.map(middlewareOf), terminal);
  const traced = (handler: Handler, route: RoutePlan | null) =>
    world.tracing === null ? handler : world.tracing.route(handler, route && tracingOf(route));
  const router = new Router(plan.routes.map((route) => {
    const pattern = patternOf(route);
    const chain = [...global, ...route.policies.map(built)];
    const toEnd = route.target.kind === "handler" ? inside : outwards;
    const terminal = terminalOf(route, pattern, upstreams, plan.requestId.header, toEnd);
    const preflight = preflightChain(chain);
    const assembled: AssembledRoute = {
      id: route.id,
      readParams: pattern.names.length === 0 ? null : (captures) => decodeParams(pattern.names, captures),
      handler: traced(fold(chain, terminal), route),
      preflight: preflight && traced(preflight, route),
    };
    return routeEntry(route, assembled);
  }));
  const notRouted = traced(fold(global, unrouted((exchange) => router.allowed(exchange))), null);
  const globalPreflight = preflightChain(global), notRoutedPreflight = globalPreflight && traced(globalPreflight, null);

  const found = (exchange: Exchange, route: AssembledRoute, captures: readonly string[]) => {
    exchange.route = route.id;
    if (route.readParams === null) return;
    exchange.captures = captures;
    exchange.readParams = route.readParams;
  };
  /** Matched by the method that it asks for; `null` where nothing here answers preflights. */
  const handlePreflight = (exchange: Exchange): MaybePromise<Reply> | null => {
    const captures: string[] = [], asked = askedFor(exchange, exchange.headers.get(ASKED_METHOD)!);
    const route = router.find(asked, captures);
    if (route === null) return notRoutedPreflight?.(exchange) ?? null;
    if (route.preflight === null) return null;
    found(exchange, route, captures);
    return route.preflight(exchange);
  };
  const handle = (exchange: Exchange) => {
    const answer = isPreflight(exchange) ? handlePreflight(exchange) : null;
    if (answer !== null) return answer;
    const captures: string[] = [];
    const route = router.find(exchange, captures);
    if (route === null) return notRouted(exchange);
    found(exchange, route, captures);
    return route.handler(exchange);
  };
  return { handle, upstreams: [...upstreams.values()] };
}

function middlewareOf({ middleware }: BuiltPolicy): Middleware {
  return middleware;
}

function tracingOf({ id, path, telemetry }: RoutePlan): RouteTracing {
  return { id, path, sample: telemetry.traces };
}

function patternOf(route: RoutePlan): Pattern {
  const pattern = parsePattern(route.path);
  if (isPatternError(pattern)) throw new TypeError(`${route.source}.path: ${pattern.message}`);
  return pattern;
}
