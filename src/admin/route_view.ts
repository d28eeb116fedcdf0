/** Routes as people and programs look at them. @module */

import type { Plan, PolicyPlan, RoutePlan, SplitTargetPlan, TargetPlan, UpstreamTargetPlan } from "../compile/plan.ts";
import { type RetrySummary, retrySummary } from "../compile/retry_summary.ts";
import { predicateText } from "../compile/route_id.ts";
import type { BranchPlan } from "../upstreams/traffic_plan.ts";
import type { HopPlan, UpstreamPlan } from "../upstreams/upstream_plan.ts";

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
    hops: hopsOf(target).map((hop) => hopView(hop, methods, upstreams)),
    source,
  };
}

function policyView({ id, policy, summary }: PolicyPlan): PolicyView {
  return { id, kind: policy.kind, summary };
}

type Upstreams = ReadonlyMap<string, UpstreamPlan>;

type Hop = HopPlan & { readonly upstream: string };

function hopsOf(target: TargetPlan): readonly Hop[] {
  return target.kind === "split" ? target.branches : target.kind === "upstream" ? [target] : [];
}

/** @throws TypeError for an upstream that the plan does not have */
function hopView(hop: Hop, methods: readonly string[], upstreams: Upstreams): HopView {
  const upstream = upstreams.get(hop.upstream);
  if (upstream === undefined) throw new TypeError(`there is no upstream "${hop.upstream}"`);
  return { upstream: hop.upstream, ...retrySummary(hop, methods, upstream) };
}

function targetView(target: TargetPlan, upstreams: Upstreams): TargetView {
  switch (target.kind) {
    case "upstream":
      return {
        kind: "upstream",
        upstream: target.upstream,
        endpoints: endpointTexts(upstreams.get(target.upstream)),
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
  return { upstream, weight, when: `header:${when.header}${when.value === null ? "" : `=${when.value}`}` };
}

function endpointTexts(upstream: UpstreamPlan | undefined): string[] {
  if (upstream === undefined) return [];
  const { dns, endpoints } = upstream;
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
