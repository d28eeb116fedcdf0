/** From a valid config to the plan. @module */

import type { Invariant } from "../core/invariant.ts";
import type { Issue } from "../core/issue.ts";
import { storeDefinitionOf } from "../core/store.ts";
import type {
  ValidConfig,
  ValidConsumer,
  ValidListener,
  ValidRoute,
  ValidSource,
  ValidStore,
  ValidTarget,
  ValidUpstream,
} from "../config/valid_config.ts";
import { mergeHop } from "../config/merge_hop.ts";
import { analyse } from "../routing/analyse.ts";
import type { Finding } from "../routing/finding.ts";
import { Router } from "../routing/router.ts";
import type { EndpointPlan, HopPlan, UpstreamPlan } from "../upstreams/upstream_plan.ts";
import { type Bypass, bypasses } from "./bypasses.ts";
import { hidingSecrets } from "./hidden_names.ts";
import { invariantRoute } from "./invariants/invariant_routes.ts";
import { oddSiblings } from "./invariants/odd_siblings.ts";
import { openWriters } from "./invariants/open_writers.ts";
import { ownInvariants } from "./invariants/own_invariants.ts";
import type { RouteFinding } from "./invariants/route_finding.ts";
import type { ConsumerPlan, ListenerPlan, Plan, PolicyPlan, RoutePlan, StorePlan, TargetPlan } from "./plan.ts";
import { policyNodes } from "./policy_nodes.ts";
import { routeEntry } from "./route_entries.ts";
import { routeId } from "./route_id.ts";
import { sharedPolicyIds } from "./shared_policy_ids.ts";

/** The plan, and what the route table itself has wrong: duplicates, ambiguous and unreachable routes, ways around guards. */
export interface Compiled {
  readonly plan: Plan;
  readonly issues: readonly Issue[];
}

/** Compiles a config. Pure: nothing is opened, read or started. */
export function compilePlan(config: ValidConfig): Compiled {
  const upstreams = config.upstreams.map(upstreamPlan);
  const hops = new Map(upstreams.map((upstream) => [upstream.name, upstream]));
  const routes = config.routes.map((route) => routePlan(route, hops));
  const places = new Map(config.routes.map(({ source }) => [source.path, source]));
  const findings = analyse(routes.map((route) => routeEntry(route, route))).map((finding) => issueOf(finding, places));
  const policies = policyNodes(config.policies, "global"), consumers = config.consumers.map(consumerPlan);
  const around = config.paths.encodedSlash === "keep" ? bypasses(routes, upstreams) : [];
  const issues = [
    ...findings,
    ...sharedIds(routes, config.routes, findings),
    ...sharedPolicyIds(policies, consumers, routes),
    ...around.map((bypass) => issueOf(bypass, places, "warning")),
    ...invariantFindings(routes, policies, config.invariants).map((finding) => routeIssue(finding, places)),
  ];
  const plan: Plan = {
    listeners: config.listen.map((listener) => listenerPlan(listener, config.listen)),
    admin: config.admin,
    trustedProxies: config.trustedProxies,
    methods: config.methods,
    paths: config.paths,
    requestId: config.requestId,
    shutdown: config.shutdown,
    telemetry: hidingSecrets(config),
    upstreams,
    stores: config.stores.map(storePlan),
    consumers,
    policies,
    routes: inMatchingOrder(routes),
  };
  return { plan: deepFreeze(plan), issues };
}

function listenerPlan(listener: ValidListener, all: readonly ValidListener[]): ListenerPlan {
  const { address, engine, tls, redirect, ...rest } = listener;
  const scheme = tls === null ? "http" : "https";
  return { address, scheme, engine, tls, redirect: redirect === true ? { port: securePort(all) } : redirect, ...rest };
}

function securePort(listeners: readonly ValidListener[]): number {
  const address = listeners.find(({ tls }) => tls !== null)?.address;
  if (address?.kind !== "tcp") throw new TypeError("a listener redirects, and none has TLS on a port");
  return address.port;
}

function upstreamPlan(upstream: ValidUpstream): UpstreamPlan {
  const endpoints = upstream.endpoints.map((endpoint): EndpointPlan => ({
    id: `${upstream.name}/${endpoint.url}`,
    ...endpoint,
  }));
  return { ...upstream, endpoints };
}

function storePlan({ name, store }: ValidStore): StorePlan {
  return { name, store, summary: storeDefinitionOf(store)?.describe(store.options) ?? store.kind };
}

function consumerPlan(consumer: ValidConsumer): ConsumerPlan {
  return { ...consumer, policies: policyNodes(consumer.policies, `consumer/${consumer.name}`) };
}

function routePlan(route: ValidRoute, hops: ReadonlyMap<string, HopPlan>): RoutePlan {
  const { name, path, hosts, methods, predicates, telemetry, source } = route;
  const id = name ?? routeId({ methods, hosts, path, predicates });
  const target = targetPlan(route.target, hops);
  return {
    id,
    path,
    hosts,
    methods,
    predicates,
    target,
    policies: policyNodes(route.policies, id),
    telemetry,
    public: route.public,
    source: source.path,
  };
}

function targetPlan(target: ValidTarget, hops: ReadonlyMap<string, HopPlan>): TargetPlan {
  if (target.kind === "upstream") return { ...target, ...mergeHop(hops.get(target.upstream)!, target) };
  if (target.kind !== "split") return target;
  const { timeouts, retry, hedge, branches, ...rest } = target, own = { timeouts, retry, hedge };
  return {
    ...rest,
    branches: branches.map((branch) => ({ ...branch, ...mergeHop(hops.get(branch.upstream)!, own) })),
  };
}

function invariantFindings(
  routes: readonly RoutePlan[],
  global: readonly PolicyPlan[],
  own: readonly Invariant[],
): RouteFinding[] {
  const placed = routes.map((route) => [invariantRoute(route, global), route.source] as const);
  return [...openWriters(placed), ...oddSiblings(placed), ...ownInvariants(placed, own)];
}

function routeIssue({ source, ...finding }: RouteFinding, places: ReadonlyMap<string, ValidSource>): Issue {
  return { ...places.get(source) ?? { path: source }, ...finding };
}

/** A finding about a route at the place where its route was written. */
function issueOf(
  { route, message, remedy }: Finding | Bypass,
  places: ReadonlyMap<string, ValidSource>,
  severity: Issue["severity"] = "error",
): Issue {
  const { path, ...place } = places.get(route.source) ?? { path: route.source };
  return { severity, path, message, remedy, ...place };
}

/**
 * Routes of different requests with one id: a `name` that another route's own id happens to be. Ids name state, metrics
 * and log lines, so two routes must never share one. Routes of the same requests are findings already.
 */
function sharedIds(routes: readonly RoutePlan[], authored: readonly ValidRoute[], found: readonly Issue[]): Issue[] {
  const first = new Map<string, RoutePlan>(), known = new Set(found.map(({ path }) => path)), issues: Issue[] = [];
  routes.forEach((route, i) => {
    const earlier = first.get(route.id);
    if (earlier === undefined) return void first.set(route.id, route);
    if (known.has(route.source)) return;
    const { path, ...place } = authored[i].source;
    const message = `its id "${route.id}" is that of ${earlier.source} too`, remedy = "a name that no other route has";
    issues.push({ severity: "error", path, message, remedy, ...place });
  });
  return issues;
}

/** The most specific first. A table with duplicates keeps the order in which it was written: it will not be served. */
function inMatchingOrder(routes: readonly RoutePlan[]): readonly RoutePlan[] {
  if (new Set(routes.map(({ id }) => id)).size < routes.length) return routes;
  return new Router(routes.map((route) => routeEntry(route, route))).entries.map((entry) => entry.value);
}

/** Freezes plain data. Policies, stores and secrets are frozen by their makers; functions stay as they are. */
function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
