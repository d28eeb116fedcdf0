/** All that a gateway does with its metrics, by its plan. @module */

import type { Events } from "../../core/events.ts";
import type { LineWriter } from "../lines/line_writer.ts";
import type { MetricsPlan, ResourcePlan } from "../telemetry_plan.ts";
import { MetricsRegistry } from "./metrics_registry.ts";
import type { MetricsPush, PushEnv } from "./otlp_push.ts";
import { PUSHES_FAILED } from "./request_families.ts";
import { RequestMetrics } from "./request_metrics.ts";
import { startSummary } from "./summary_file.ts";

/** What {@link startMetrics} needs of the world. */
export interface MetricsEnv extends PushEnv {
  readonly events: Events;
  /** Requests under way now. */
  readonly inFlight: () => number;
  /** Opens the summary's file. Asked only where the plan has one. */
  readonly openSummary: (file: string) => LineWriter;
}

/** Metrics that are being counted. */
export interface Metrics {
  /** Takes collectors, and is read by whoever shows metrics. */
  readonly registry: MetricsRegistry;
  /** Lines of the summary that were lost so far; `null`: there is none. */
  readonly lost: number | null;
  /** Another plan is in force, with these routes. */
  setRoutes(routes: readonly string[]): void;
  /** The summary's file has been moved away: another one is begun. */
  reopen(): void;
  /** Writes and pushes what is left, which takes a few seconds at most. */
  close(): Promise<void>;
}

/**
 * Counts requests from now on, pushes metrics and writes the summary, as the plan says.
 *
 * @param routes ids of all routes
 * @throws what `openSummary` throws
 */
export async function startMetrics(
  plan: MetricsPlan,
  resource: ResourcePlan,
  routes: readonly string[],
  env: MetricsEnv,
): Promise<Metrics> {
  const registry = new MetricsRegistry(env.log), requests = new RequestMetrics(plan, routes, env.clock);
  const writer = plan.summary === null ? null : env.openSummary(plan.summary.file);
  const push = plan.otlp === null ? null : await pushOf(plan.otlp, resource, registry, env);
  const summary = writer === null ? null : startSummary(writer, env);
  const unsubscribe = env.events.on("request.completed", (event) => requests.count(event));
  registry.collect((out) => requests.collect(out));
  return {
    registry,
    get lost() {
      return writer?.lost ?? null;
    },
    setRoutes: (ids) => requests.setRoutes(ids),
    reopen: () => writer?.reopen(),
    async close() {
      await Promise.all([summary?.close(), push?.close()]);
      unsubscribe();
    },
  };
}

async function pushOf(
  plan: NonNullable<MetricsPlan["otlp"]>,
  resource: ResourcePlan,
  registry: MetricsRegistry,
  env: MetricsEnv,
): Promise<MetricsPush> {
  const { startPush } = await import("./otlp_push.ts");
  const push = await startPush(plan, resource, registry, env);
  registry.collect((out) => out.add(PUSHES_FAILED, push.failed));
  return push;
}
