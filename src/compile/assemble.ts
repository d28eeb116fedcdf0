/** From the plan to functions: what an engine calls for each exchange. @module */

import type { BuildEnv } from "../core/build_env.ts";
import type { Exchange, Params } from "../core/exchange.ts";
import type { Handler, Middleware } from "../core/handler.ts";
import { definitionOf } from "../core/policy.ts";
import type { StoreEnv } from "../core/store.ts";
import { parsePattern, type Pattern } from "../routing/pattern.ts";
import { isPatternError } from "../routing/pattern_error.ts";
import { decodeParams } from "../routing/params.ts";
import { Router } from "../routing/router.ts";
import type { Http1Client } from "../transport/http1_client.ts";
import { dispatcher } from "../upstreams/dispatch.ts";
import { buildUpstream, type Upstream } from "../upstreams/upstream.ts";
import { foldChain } from "./fold_chain.ts";
import type { Plan, PolicyPlan, RoutePlan } from "./plan.ts";
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
}

/** A plan at work. */
export interface Assembled {
  readonly handle: Handler;
  readonly upstreams: readonly Upstream[];
}

/** The world of a plan, without what the plan itself provides. */
export type World = Omit<BuildEnv, "dispatch" | "store" | "localStore"> & StoreEnv;

/**
 * Builds every upstream, policy and terminal once and binds them. The order of the stack stands here: routing first, so
 * that the global chain sees the route; then the global policies, the route's own, and the target.
 *
 * @throws ConfigError, or what a policy's `build` throws, when something the plan names cannot be had
 */
export function assemble(plan: Plan, world: World, client: Http1Client): Assembled {
  const upstreams = new Map<string, Upstream>();
  const withStores = { ...world, ...stores(plan.stores, world) };
  const env: BuildEnv = { ...withStores, dispatch: dispatcher(upstreams, client, withStores, plan.requestId.header) };
  for (const upstream of plan.upstreams) upstreams.set(upstream.name, buildUpstream(upstream, client, env));

  const global = plan.policies.map((node) => buildPolicy(node, env));
  const router = new Router(plan.routes.map((route) => {
    const pattern = patternOf(route);
    const own = route.policies.map((node) => buildPolicy(node, env));
    const terminal = terminalOf(route, pattern, upstreams, plan.requestId.header, env);
    const assembled: AssembledRoute = {
      id: route.id,
      readParams: pattern.names.length === 0 ? null : (captures) => decodeParams(pattern.names, captures),
      handler: foldChain([...global, ...own], terminal),
    };
    return routeEntry(route, assembled);
  }));
  const notRouted = foldChain(global, unrouted((exchange) => router.allowed(exchange)));

  const handle = (exchange: Exchange) => {
    const captures: string[] = [];
    const route = router.find(exchange, captures);
    if (route === null) return notRouted(exchange);
    exchange.route = route.id;
    if (route.readParams !== null) {
      exchange.captures = captures;
      exchange.readParams = route.readParams;
    }
    return route.handler(exchange);
  };
  return { handle, upstreams: [...upstreams.values()] };
}

function buildPolicy({ id, policy }: PolicyPlan, env: BuildEnv): Middleware {
  const definition = definitionOf(policy);
  if (definition === undefined) throw new TypeError(`${id} was not made by a policy factory`);
  return definition.build(policy.options, env, id);
}

function patternOf(route: RoutePlan): Pattern {
  const pattern = parsePattern(route.path);
  if (isPatternError(pattern)) throw new TypeError(`${route.source}.path: ${pattern.message}`);
  return pattern;
}
