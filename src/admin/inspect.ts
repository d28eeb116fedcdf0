/** What the admin interface may know of a gateway, and do to it. @module */

import type { CacheReport } from "../core/answer_cache.ts";
import type { MaybePromise } from "../core/handler.ts";
import type { Plan } from "../compile/plan.ts";
import type { Purge } from "../core/purge.ts";
import { redact } from "../config/redact.ts";
import type { Health } from "../runtime/exposure/health.ts";
import type { MetricsPage } from "../runtime/exposure/pages.ts";
import type { PurgeReport } from "../runtime/purge_caches.ts";
import type { UpstreamReport } from "../upstreams/upstream_report.ts";
import { type ConsumerView, consumerViews } from "./consumer_view.ts";
import { type RouteView, routeViews } from "./route_view.ts";

/** Functions that return plain JSON: with several workers they ask each and merge. */
export interface Inspect {
  /** Why it takes no requests, in words: draining, a listener or a required upstream that is out. Empty when it is ready. */
  notReady(): MaybePromise<readonly string[]>;
  /** How it does, upstream by upstream. */
  health(): MaybePromise<Health>;
  /** `null`: metrics are off. */
  readonly metrics: MetricsPage | null;
  /** The config in force, every default filled in, secrets as references. Plain JSON data. */
  config(): MaybePromise<unknown>;
  /** The routes in the order in which they are tried. */
  routes(): MaybePromise<readonly RouteView[]>;
  /** The consumers that have policies of their own. */
  consumers(): MaybePromise<readonly ConsumerView[]>;
  /** The upstreams and their endpoints at this moment. */
  upstreams(): MaybePromise<readonly UpstreamReport[]>;
  /** The caches at this moment. */
  caches(): MaybePromise<readonly CacheReport[]>;
  /** Takes answers out of all caches, or of the one with this id: in all workers, and in all gateways that share a store. */
  purge(order: Purge, cache: string | undefined): Promise<PurgeReport>;
}

/** What changes while a gateway serves. */
export type Live = Pick<Inspect, "notReady" | "health" | "metrics" | "upstreams" | "caches" | "purge">;

/** Tells about one plan in one process. */
export function inspectPlan(plan: Plan, live: Live): Inspect {
  return {
    ...live,
    config: () => redact(plan),
    routes: () => routeViews(plan),
    consumers: () => consumerViews(plan),
  };
}
