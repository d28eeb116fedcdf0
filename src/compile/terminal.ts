/** What stands at the end of a route's chain. @module */

import type { BuildEnv } from "../core/build_env.ts";
import type { Handler } from "../core/handler.ts";
import { redirectHandler } from "../policies/targets/redirect.ts";
import { respondHandler } from "../policies/targets/respond.ts";
import { routeHandler } from "../policies/targets/route_handler.ts";
import type { Pattern } from "../routing/pattern.ts";
import { forwardTo } from "../upstreams/forward.ts";
import type { Upstream } from "../upstreams/upstream.ts";
import type { RoutePlan } from "./plan.ts";
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
    case "upstream": {
      const upstream = upstreams.get(target.upstream);
      if (upstream === undefined) throw new TypeError(`${route.source}: there is no upstream "${target.upstream}"`);
      return forwardTo(upstream, {
        timeouts: target.timeouts,
        onClientAbort: target.onClientAbort,
        requestIdField,
        path: upstreamPath(target.path, pattern),
      }, env);
    }
    case "redirect":
      return redirectHandler(target, pattern.names);
    case "respond":
      return respondHandler(target);
    case "handler":
      return routeHandler(target.handler, env, route.id);
  }
}
