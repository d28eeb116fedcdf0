/** What the admin interface may know of a gateway. @module */

import type { MaybePromise } from "../core/handler.ts";
import type { Plan } from "../compile/plan.ts";
import { redact } from "../config/redact.ts";
import type { UpstreamReport } from "../upstreams/upstream_report.ts";
import { type ConsumerView, consumerViews } from "./consumer_view.ts";
import { type RouteView, routeViews } from "./route_view.ts";

/** Functions that return plain JSON: with several workers they ask each and merge. */
export interface Inspect {
  /** Why it takes no requests, in words: draining, a listener that is not up. Empty when it is ready. */
  notReady(): MaybePromise<readonly string[]>;
  /** The config in force, every default filled in, secrets as references. Plain JSON data. */
  config(): MaybePromise<unknown>;
  /** The routes in the order in which they are tried. */
  routes(): MaybePromise<readonly RouteView[]>;
  /** The consumers that have policies of their own. */
  consumers(): MaybePromise<readonly ConsumerView[]>;
  /** The upstreams and their endpoints at this moment. */
  upstreams(): MaybePromise<readonly UpstreamReport[]>;
}

/** Tells about one plan in one process. @param live what changes while it serves */
export function inspectPlan(plan: Plan, live: Pick<Inspect, "notReady" | "upstreams">): Inspect {
  return {
    ...live,
    config: () => redact(plan),
    routes: () => routeViews(plan),
    consumers: () => consumerViews(plan),
  };
}
