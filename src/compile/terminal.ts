/** What stands at the end of a route's chain. @module */

import type { BuildEnv } from "../core/build_env.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Handler } from "../core/handler.ts";
import { redirectHandler } from "../policies/targets/redirect.ts";
import { respondHandler } from "../policies/targets/respond.ts";
import { routeHandler } from "../policies/targets/route_handler.ts";
import type { Pattern } from "../routing/pattern.ts";
import type { Fallback } from "../upstreams/fallback.ts";
import { forwardTo } from "../upstreams/forward.ts";
import { buildHop, type HopOptions } from "../upstreams/hop.ts";
import { Mirror } from "../upstreams/mirror.ts";
import { OutcomeSet } from "../upstreams/outcome_set.ts";
import { splitOver } from "../upstreams/split.ts";
import type { FallbackPlan, MirrorPlan } from "../upstreams/traffic_plan.ts";
import { unattendedWork } from "../upstreams/unattended_work.ts";
import type { Upstream } from "../upstreams/upstream.ts";
import type { RoutePlan, SplitTargetPlan, UpstreamTargetPlan } from "./plan.ts";
import { upstreamPath } from "./upstream_path.ts";

/** Builds the terminal of a route. */
export function terminalOf(
  route: RoutePlan,
  pattern: Pattern,
  upstreams: ReadonlyMap<string, Upstream>,
  requestIdField: string,
  env: BuildEnv,
): Handler {
  const { target } = route;
  switch (target.kind) {
    case "upstream":
    case "split":
      return new Forwarding(route, upstreams, env, {
        path: upstreamPath(target.path, pattern),
        onClientAbort: target.onClientAbort,
        requestIdField,
      }).terminal(target);
    case "redirect":
      return redirectHandler(target, pattern.names);
    case "respond":
      return respondHandler(target);
    case "handler":
      return routeHandler(target.handler, env, route.id);
  }
}

/** The hops of one route. */
class Forwarding {
  readonly #route: RoutePlan;
  readonly #upstreams: ReadonlyMap<string, Upstream>;
  readonly #env: BuildEnv;
  /** What all hops of the route have in common. */
  readonly #common: {
    readonly path: (exchange: Exchange) => string;
    readonly onClientAbort: "cancel" | "finish";
    readonly requestIdField: string;
  };

  constructor(
    route: RoutePlan,
    upstreams: ReadonlyMap<string, Upstream>,
    env: BuildEnv,
    common: Pick<HopOptions, "path" | "requestIdField"> & { readonly onClientAbort: "cancel" | "finish" },
  ) {
    this.#route = route;
    this.#upstreams = upstreams;
    this.#env = env;
    this.#common = common;
  }

  terminal(target: UpstreamTargetPlan | SplitTargetPlan): Handler {
    const beside = {
      mirror: target.mirror === null ? null : this.#mirror(target.mirror),
      fallback: target.fallback === null ? null : this.#fallback(target.fallback),
    };
    const handlerOf = (hop: Pick<UpstreamTargetPlan, "upstream" | "timeouts" | "retry" | "hedge">) => {
      const { timeouts, retry, hedge } = hop;
      return forwardTo(this.#upstream(hop.upstream), { ...this.#common, timeouts, retry, hedge, ...beside }, this.#env);
    };
    if (target.kind === "upstream") return handlerOf(target);
    const branches = target.branches.map((branch) => ({
      name: branch.upstream,
      weight: branch.weight,
      when: branch.when,
      handler: handlerOf(branch),
    }));
    return splitOver(branches, target.stickyBy, this.#env.random);
  }

  /** A copy is sent once, as its upstream has it. Nobody waits for it, so that it must end by itself, also in its body. */
  #mirror(plan: MirrorPlan): Mirror {
    const env = this.#env, upstream = this.#upstream(plan.upstream), { head, idle, total } = upstream.plan.timeouts;
    const timeouts = { ...upstream.plan.timeouts, total: total ?? head + idle };
    const options = { ...this.#common, onClientAbort: "cancel", timeouts, retry: null, hedge: null } as const;
    return new Mirror(plan, forwardTo(upstream, options, env), env.random, unattendedWork(env));
  }

  #fallback({ on, target }: FallbackPlan): Fallback {
    const statuses = new OutcomeSet(on);
    if (target.kind === "respond") {
      return { on: statuses, target: { kind: "respond", handler: respondHandler(target) } };
    }
    const upstream = this.#upstream(target.upstream), { timeouts, retry, hedge } = upstream.plan;
    const hop = buildHop(upstream, { ...this.#common, timeouts, retry, hedge }, this.#env);
    return { on: statuses, target: { kind: "upstream", hop } };
  }

  #upstream(name: string): Upstream {
    const upstream = this.#upstreams.get(name);
    if (upstream === undefined) throw new TypeError(`${this.#route.source}: there is no upstream "${name}"`);
    return upstream;
  }
}
