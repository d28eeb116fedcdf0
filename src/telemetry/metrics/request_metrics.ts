/** Metrics of requests: counted when they are over, by route and method. @module */

import type { Clock } from "../../core/clock.ts";
import type { RequestCompleted } from "../../core/events.ts";
import type { MetricsPlan } from "../telemetry_plan.ts";
import { isTunnel } from "./is_tunnel.ts";
import { AUTHS, BYTES_IN, BYTES_OUT, CACHES, DURATIONS, ERRORS, LIMITS, REQUESTS } from "./request_families.ts";
import { RouteCounts } from "./route_counts.ts";
import type { Scrape } from "./scrape.ts";

/**
 * Counts finished requests. The numbers of a route are found by one look-up, and those of its method by another; nothing is
 * joined or printed before somebody asks. Labels are routes, known methods, statuses and our own codes: nothing that a client
 * can make up.
 *
 * @example
 * ```ts ignore
 * const requests = new RequestMetrics(plan.telemetry.metrics, plan.routes.map(({ id }) => id), clock);
 * events.on("request.completed", (event) => requests.count(event));
 * registry.collect((out) => requests.collect(out));
 * ```
 */
export class RequestMetrics {
  readonly #plan: Pick<MetricsPlan, "buckets" | "exemplars">;
  readonly #clock: Clock;
  #routes: ReadonlyMap<string, RouteCounts>;
  #none: RouteCounts;

  /** @param routes ids of all routes */
  constructor(plan: Pick<MetricsPlan, "buckets" | "exemplars">, routes: readonly string[], clock: Clock) {
    this.#plan = plan;
    this.#clock = clock;
    this.#none = new RouteCounts("", plan.buckets);
    this.#routes = new Map();
    this.setRoutes(routes);
  }

  /** Another plan is in force: routes that it has too go on counting, and those that it has not are told no more. */
  setRoutes(routes: readonly string[]): void {
    const before = this.#routes, { buckets } = this.#plan;
    this.#routes = new Map(routes.map((route) => [route, before.get(route) ?? new RouteCounts(route, buckets)]));
  }

  /** For `request.completed`. */
  count(event: RequestCompleted): void {
    const route = this.#routes.get(event.route) ?? this.#none, { status } = event;
    const counts = route.method(event.method);
    counts.status(status);
    counts.bytesIn += event.bytesIn;
    counts.bytesOut += event.bytesOut;
    if (!isTunnel(event)) {
      const seconds = event.duration / 1000;
      if (!event.traced || !this.#plan.exemplars) counts.durations.observe(seconds);
      else counts.durations.observeTraced(seconds, event.traceId, this.#clock.wall() / 1000);
    }
    if (event.cache !== "") route.caches.add(event.cache);
    if (event.auth !== "") route.auths.add(event.auth);
    if (event.limit !== "") route.limits.add(event.limit);
    if (event.error !== "") route.errors.add(event.error);
  }

  /** Gives everything that was counted. */
  collect(out: Scrape): void {
    collectRoute(out, this.#none);
    for (const counts of this.#routes.values()) collectRoute(out, counts);
  }
}

function collectRoute(out: Scrape, { route, methods, caches, auths, limits, errors }: RouteCounts): void {
  for (const { codes, series, durations, bytesIn, bytesOut } of methods.values()) {
    for (const code of codes) out.put(REQUESTS, code.series, code.count);
    out.put(DURATIONS, series, durations);
    out.put(BYTES_IN, series, bytesIn);
    out.put(BYTES_OUT, series, bytesOut);
  }
  for (const [outcome, count] of caches) out.add(CACHES, count, route, outcome);
  for (const [outcome, count] of auths) out.add(AUTHS, count, route, outcome);
  for (const [outcome, count] of limits) out.add(LIMITS, count, route, outcome);
  for (const [error, count] of errors) out.add(ERRORS, count, route, error);
}
