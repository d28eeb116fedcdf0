/** Tracing, begun and ended. @module */

import { trace } from "@opentelemetry/api";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { Random } from "../../core/random.ts";
import type { SecretReader } from "../../core/secret.ts";
import type { Tracing } from "../../core/trace.ts";
import type { ResourcePlan, TracesPlan } from "../telemetry_plan.ts";
import { runtimeTraces } from "../../core/runtime_traces.ts";
import { ConsoleSink } from "./console_sink.ts";
import { GatewayTracing } from "./gateway_tracing.ts";
import { provideTracers } from "./global_api.ts";
import { otlpSender } from "./otlp_sender.ts";
import { Propagation } from "./propagation.ts";
import { RuntimeTracing } from "./runtime_tracing.ts";
import { SpanMaker } from "./span_maker.ts";
import { GatewayIds, spanProvider } from "./span_provider.ts";
import { SpanQueue } from "./span_queue.ts";
import type { SpanSink } from "./span_sink.ts";
import { SpanTime } from "./span_time.ts";

/** Name of the gateway's tracer. */
const TRACER = "gatewright";

/** What traces are made with. */
export interface TracingWorld {
  readonly clock: Clock;
  readonly random: Random;
}

/** What tracing needs of the world. */
export interface TracingEnv extends TracingWorld {
  readonly log: Log;
  readonly secrets: SecretReader;
  /** Writes traces for people. @default to standard error */
  readonly print?: (text: string) => void;
}

/** Tracing at work. */
export interface RunningTracing extends Tracing {
  /** Spans that nobody got: the queue was full, or the collector did not take them. */
  readonly dropped: number;
}

/**
 * Begins tracing, with the API of OpenTelemetry ready for what users wrote.
 *
 * @example
 * ```ts ignore
 * const tracing = await startTracing(plan.telemetry.traces, plan.telemetry.resource, { clock, random, log, secrets });
 * // … at the end:
 * await tracing.close();
 * ```
 */
export async function startTracing(plan: TracesPlan, resource: ResourcePlan, env: TracingEnv): Promise<RunningTracing> {
  if (runtimeTraces()) {
    const { clock, random } = env, maker = new SpanMaker(trace.getTracer(TRACER), new SpanTime(clock));
    return new RuntimeTracing({ plan, propagation: new Propagation(plan, random), maker, clock });
  }
  return tracingTo(await sinkOf(plan, env), plan, resource, env);
}

/** Tracing whose spans go to `sink`. */
export function tracingTo(sink: SpanSink, plan: TracesPlan, resource: ResourcePlan, env: TracingWorld): RunningTracing {
  const { clock, random } = env, propagation = new Propagation(plan, random);
  const ids = new GatewayIds(propagation),
    provider = spanProvider({ resource, share: plan.sample, ids, sink, users: propagation.users });
  const maker = new SpanMaker(provider.getTracer(TRACER), new SpanTime(clock));
  const leave = provideTracers(provider, propagation.users),
    close = () => {
      leave();
      return sink.close();
    };
  return new GatewayTracing({ plan, propagation, ids, sink, maker, clock, close });
}

async function sinkOf(
  { to }: TracesPlan,
  { clock, log, secrets, print = toStandardError }: TracingEnv,
): Promise<SpanSink> {
  if (to.kind === "console") return new ConsoleSink(print);
  return new SpanQueue(await otlpSender(to.otlp, secrets), to.batch, { clock, log });
}

function toStandardError(text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
  } catch {
    // Nobody reads it any more: no request must hear of that.
  }
}
