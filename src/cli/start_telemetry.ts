/** All that a running gateway tells of its work: put together by the plan. @module */

import type { Plan } from "../compile/plan.ts";
import type { Clock } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import type { Log } from "../core/log.ts";
import type { Random } from "../core/random.ts";
import type { SecretReader } from "../core/secret.ts";
import type { Tracing } from "../core/trace.ts";
import type { MetricsPage } from "../runtime/exposure/pages.ts";
import { gatewayMetrics, type MeteredGateway } from "../runtime/metrics/gateway_metrics.ts";
import { startAccessLog } from "../telemetry/access_log/access_log.ts";
import { LineWriter } from "../telemetry/lines/line_writer.ts";
import { openLogSink } from "../telemetry/lines/log_sink.ts";
import { exposition } from "../telemetry/metrics/exposition.ts";
import { startMetrics } from "../telemetry/metrics/start_metrics.ts";
import type { ProcessLog } from "../telemetry/process_log/process_log.ts";
import type { AccessLogPlan, MetricsPlan, TracesPlan } from "../telemetry/telemetry_plan.ts";
import { step } from "./start_failure.ts";
import { VERSION } from "./version.ts";

/** What telemetry needs of the world. */
export interface TelemetryWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly events: Events;
  readonly log: Log;
  readonly secrets: SecretReader;
}

/** Telemetry at work. */
export interface Telemetry {
  /** `null`: there are no traces. */
  readonly tracing: Tracing | null;
  /** `null`: metrics are off. */
  readonly metrics: MetricsPage | null;
  /** Has metrics tell of this gateway too; it need not be started yet. */
  watch(gateway: MeteredGateway): void;
  /** Opens all files anew: a rotation has moved them. */
  reopen(): void;
  /** Writes and sends what is left, which takes a few seconds at most. The process's log is open still. */
  close(): Promise<void>;
}

/** One kind of it. `reopen`, `lost`: where it has anything to open, or to lose. */
interface Part {
  reopen?(): void;
  /** What it could not tell, so far. */
  lost?(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/**
 * Starts what the plan asks for: nothing is loaded for the rest. Whoever has a gateway to tell of hands it to `watch`.
 *
 * @throws StartError where a file cannot be opened, or a secret not be read; what was up by then is down again
 */
export async function startTelemetry(plan: Plan, processLog: ProcessLog, world: TelemetryWorld): Promise<Telemetry> {
  const { telemetry } = plan,
    parts: Part[] = [{
      reopen: () => processLog.reopen(),
      lost: () => ({ log: processLog.lost }),
      close: () => Promise.resolve(),
    }];
  const close = async () => {
    const ends = await Promise.allSettled(parts.splice(0).map((part) => part.close()));
    for (const end of ends) {
      if (end.status === "rejected") world.log.error("telemetry did not end well", { error: end.reason });
    }
  };
  try {
    if (telemetry.accessLog !== null) parts.push(await accessLogPart(telemetry.accessLog, plan, world));
    const traces = telemetry.traces && await tracesPart(telemetry.traces, plan, processLog, world);
    if (traces !== null) parts.push(traces);
    const lost = () => Object.assign({}, ...parts.map((part) => part.lost?.() ?? {}));
    const metrics = telemetry.metrics && await metricsPart(telemetry.metrics, plan, lost, world);
    if (metrics !== null) parts.push(metrics);
    return {
      tracing: traces?.tracing ?? null,
      metrics: metrics?.page ?? null,
      watch: (gateway) => metrics?.watch(gateway),
      reopen: () => parts.forEach((part) => part.reopen?.()),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function accessLogPart(log: AccessLogPlan, { routes }: Plan, world: TelemetryWorld): Promise<Part> {
  const name = log.to === "stdout" ? "the access log" : `the access log ${log.to.file}`;
  const running = startAccessLog(log, routes, await step(`open ${name}`, () => openLogSink(log.to)), world);
  return {
    reopen: () => running.reopen(),
    lost: () => ({ access_log: running.lost }),
    close: () => running.close(),
  };
}

async function tracesPart(
  traces: TracesPlan,
  { telemetry: { resource, log } }: Plan,
  processLog: ProcessLog,
  { clock, random, log: told, secrets }: TelemetryWorld,
): Promise<Part & { readonly tracing: Tracing }> {
  // Between the log's entries, and not across them, where both go to standard error.
  const print = log.to === "stderr" ? { print: (text: string) => processLog.print(text) } : {};
  const env = { clock, random, log: told.in("telemetry"), secrets, ...print };
  const tracing = await step("start the traces", async () => {
    const { startTracing } = await import("../telemetry/traces/start_tracing.ts");
    return await startTracing(traces, resource, env);
  });
  return { tracing, lost: () => ({ spans: tracing.dropped }), close: () => tracing.close() };
}

async function metricsPart(
  plan: MetricsPlan,
  { telemetry: { resource }, routes }: Plan,
  losses: () => Readonly<Record<string, number>>,
  world: TelemetryWorld,
): Promise<Part & { readonly page: MetricsPage; watch(gateway: MeteredGateway): void }> {
  const { clock, events, secrets } = world, log = world.log.in("telemetry");
  const summary = plan.summary && await step(`open the summary ${plan.summary.file}`, () => openLogSink(plan.summary!));
  let gateway: MeteredGateway | null = null, unwatch = () => {};
  const metrics = await step("start the metrics", () =>
    startMetrics(plan, resource, routes.map(({ id }) => id), {
      clock,
      events,
      log,
      secrets,
      inFlight: () => gateway?.listeners().reduce((sum, { inFlight }) => sum + inFlight, 0) ?? 0,
      openSummary: () => new LineWriter(summary!, { clock, log }),
    }));
  const { registry } = metrics;
  return {
    page: (accept) => exposition(registry.scrape(), accept),
    watch(watched) {
      unwatch();
      gateway = watched;
      unwatch = gatewayMetrics(registry, watched, { version: VERSION, losses, clock });
    },
    reopen: () => metrics.reopen(),
    lost: (): Readonly<Record<string, number>> => metrics.lost === null ? {} : { summary: metrics.lost },
    async close() {
      // Behind the last push, which tells of the gateway too.
      await metrics.close();
      unwatch();
    },
  };
}
