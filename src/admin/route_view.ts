/** Routes as people and programs look at them. @module */

import type { Plan, RoutePlan, SplitTargetPlan, TargetPlan, UpstreamTargetPlan } from "../compile/plan.ts";
import { type RetrySummary, retrySummary } from "../compile/retry_summary.ts";
import { predicateText } from "../compile/route_id.ts";
import { formatHeaderCondition } from "../policies/traffic/header_condition.ts";
import type { BranchPlan } from "../upstreams/traffic_plan.ts";
import type { HopPlan, UpstreamPlan } from "../upstreams/upstream_plan.ts";
import { type PolicyView, policyView } from "./policy_view.ts";

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
  /** Each way to an upstream: tries, what is repeated, how long that may take. None where the gateway answers itself. */
  readonly hops: readonly HopView[];
  /** Place in the config. */
  readonly source: string;
}

/** Where a route leads. */
export type TargetView =
  | {
    readonly kind: "upstream";
    readonly upstream: string;
    readonly endpoints: readonly string[];
  } & ForwardingView
  | {
    readonly kind: "split";
    readonly branches: readonly BranchView[];
    readonly stickyBy: readonly string[];
  } & ForwardingView
  | { readonly kind: "redirect"; readonly status: number; readonly to: string }
  | { readonly kind: "respond"; readonly status: number }
  | { readonly kind: "handler"; readonly name: string };

/** One way to an upstream. */
export interface HopView extends RetrySummary {
  readonly upstream: string;
}

/** One way of a split. */
export interface BranchView {
  readonly upstream: string;
  readonly weight: number;
  /** What forces it: `header:x-canary=1`. */
  readonly when?: string;
}

/** What ways to upstreams have in common. */
export interface ForwardingView {
  readonly rewrite?: string;
  readonly stripPrefix?: string;
  /** Where copies go, and the share of the requests that is copied. */
  readonly mirror?: { readonly upstream: string; readonly share: number };
  /** What answers when the target is out: an upstream's name, or a status. */
  readonly fallback?: string | number;
}

/** The routes of a plan in the order in which they are tried. */
export function routeViews(plan: Plan): RouteView[] {
  const upstreams = new Map(plan.upstreams.map((upstream) => [upstream.name, upstream]));
  const global = plan.policies.map(policyView);
  return plan.routes.map((route) => routeView(route, global, upstreams));
}

function routeView(
  { id, methods, hosts, path, predicates, policies, target, source }: RoutePlan,
  global: readonly PolicyView[],
  upstreams: Upstreams,
): RouteView {
  return {
    id,
    methods,
    hosts,
    path,
    predicates: predicates.map(predicateText),
    chain: [...global, ...policies.map(policyView)],
    target: targetView(target, upstreams),
    hops: hopsOf(target).map((hop) => hopView(hop, methods, fallbackOf(target), upstreams)),
    source,
  };
}

type Upstreams = ReadonlyMap<string, UpstreamPlan>;

type Hop = HopPlan & { readonly upstream: string };

function hopsOf(target: TargetPlan): readonly Hop[] {
  return target.kind === "split" ? target.branches : target.kind === "upstream" ? [target] : [];
}

function fallbackOf(target: TargetPlan): string | null {
  if (target.kind !== "split" && target.kind !== "upstream") return null;
  return target.fallback?.target.kind === "upstream" ? target.fallback.target.upstream : null;
}

function hopView(hop: Hop, methods: readonly string[], fallback: string | null, upstreams: Upstreams): HopView {
  const other = fallback === null ? null : upstreamOf(fallback, upstreams);
  return { upstream: hop.upstream, ...retrySummary(hop, methods, upstreamOf(hop.upstream, upstreams), other) };
}

/** @throws TypeError for an upstream that the plan does not have */
function upstreamOf(name: string, upstreams: Upstreams): UpstreamPlan {
  const upstream = upstreams.get(name);
  if (upstream === undefined) throw new TypeError(`there is no upstream "${name}"`);
  return upstream;
}

function targetView(target: TargetPlan, upstreams: Upstreams): TargetView {
  switch (target.kind) {
    case "upstream":
      return {
        kind: "upstream",
        upstream: target.upstream,
        endpoints: endpointTexts(upstreamOf(target.upstream, upstreams)),
        ...forwardingView(target),
      };
    case "split":
      return {
        kind: "split",
        branches: target.branches.map(branchView),
        stickyBy: target.stickyBy,
        ...forwardingView(target),
      };
    case "redirect":
      return { kind: "redirect", status: target.status, to: target.to };
    case "respond":
      return { kind: "respond", status: target.status };
    case "handler":
      return { kind: "handler", name: target.handler.name };
  }
}

function branchView({ upstream, weight, when }: BranchPlan): BranchView {
  if (when === null) return { upstream, weight };
  return { upstream, weight, when: formatHeaderCondition(when) };
}

function endpointTexts({ dns, endpoints }: UpstreamPlan): string[] {
  return dns === null ? endpoints.map(({ url }) => url) : [`dns:${dns.hostname}`];
}

function forwardingView({ path, mirror, fallback }: UpstreamTargetPlan | SplitTargetPlan): ForwardingView {
  const answer = fallback?.target;
  return {
    ...path,
    ...(mirror === null ? {} : { mirror: { upstream: mirror.upstream, share: mirror.share } }),
    ...(answer === undefined ? {} : { fallback: answer.kind === "upstream" ? answer.upstream : answer.status }),
  };
}
