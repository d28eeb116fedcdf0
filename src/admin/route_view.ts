/** Routes as people and programs look at them. @module */

import type { Plan, PolicyPlan, RoutePlan, TargetPlan } from "../compile/plan.ts";
import { predicateText } from "../compile/route_id.ts";

/** One compiled route. */
export interface RouteView {
  readonly id: string;
  /** Empty: all. */
  readonly methods: readonly string[];
  /** Empty: all. */
  readonly hosts: readonly string[];
  readonly path: string;
  /** Conditions besides, as route ids have them: `header:x-a=1`. */
  readonly predicates: readonly string[];
  /** What a request passes on its way, outermost first, the global policies included. */
  readonly chain: readonly PolicyView[];
  readonly target: TargetView;
  /** Place in the config. */
  readonly source: string;
}

/** One policy of a chain. */
export interface PolicyView {
  readonly id: string;
  readonly kind: string;
  readonly summary: string;
}

/** Where a route leads. */
export type TargetView =
  | {
    readonly kind: "upstream";
    readonly upstream: string;
    readonly endpoints: readonly string[];
    readonly rewrite?: string;
    readonly stripPrefix?: string;
  }
  | { readonly kind: "redirect"; readonly status: number; readonly to: string }
  | { readonly kind: "respond"; readonly status: number }
  | { readonly kind: "handler"; readonly name: string };

/** The routes of a plan in the order in which they are tried. */
export function routeViews(plan: Plan): RouteView[] {
  const endpoints = new Map(plan.upstreams.map(({ name, endpoints }) => [name, endpoints.map(({ url }) => url)]));
  const global = plan.policies.map(policyView);
  return plan.routes.map((route) => routeView(route, global, endpoints));
}

function routeView(
  { id, methods, hosts, path, predicates, policies, target, source }: RoutePlan,
  global: readonly PolicyView[],
  endpoints: ReadonlyMap<string, readonly string[]>,
): RouteView {
  return {
    id,
    methods,
    hosts,
    path,
    predicates: predicates.map(predicateText),
    chain: [...global, ...policies.map(policyView)],
    target: targetView(target, endpoints),
    source,
  };
}

function policyView({ id, policy, summary }: PolicyPlan): PolicyView {
  return { id, kind: policy.kind, summary };
}

function targetView(target: TargetPlan, endpoints: ReadonlyMap<string, readonly string[]>): TargetView {
  switch (target.kind) {
    case "upstream":
      return {
        kind: "upstream",
        upstream: target.upstream,
        endpoints: endpoints.get(target.upstream) ?? [],
        ...target.path,
      };
    case "redirect":
      return { kind: "redirect", status: target.status, to: target.to };
    case "respond":
      return { kind: "respond", status: target.status };
    case "handler":
      return { kind: "handler", name: target.handler.name };
  }
}
