/** Tracing whose spans end in a list. @module */

import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { Handler } from "../../../src/core/handler.ts";
import type { TracesPlan } from "../../../src/telemetry/telemetry_plan.ts";
import type { SpanSink } from "../../../src/telemetry/traces/span_sink.ts";
import { type RunningTracing, tracingTo } from "../../../src/telemetry/traces/start_tracing.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Everything is recorded, policies that act among it. */
export const ALL: TracesPlan = {
  sample: 1,
  accept: "any",
  keepErrors: false,
  propagate: ["tracecontext", "baggage"],
  policies: "acting",
  responseHeader: null,
  to: { kind: "console" },
};

/** Tracing, and what came of it. Dispose of it: the API of OpenTelemetry is the process's. */
export class KeptSpans implements AsyncDisposable {
  readonly clock = new FakeClock();
  /** In the order of their ends. */
  readonly spans: ReadableSpan[] = [];
  /** How many came together. */
  readonly taken: number[] = [];
  readonly tracing: RunningTracing;

  constructor(plan: Partial<TracesPlan> = {}, whole = false) {
    const sink: SpanSink = {
      whole,
      dropped: 0,
      take: (spans) => {
        this.spans.push(...spans);
        this.taken.push(spans.length);
      },
      close: () => Promise.resolve(),
    };
    this.tracing = tracingTo(sink, { ...ALL, ...plan }, { service: "shop", attributes: { "host.name": "a1" } }, {
      clock: this.clock,
      random: Math.random,
    });
  }

  /** Sends an exchange through a route, to its end. */
  async send(
    exchange: Exchange,
    handler: Handler,
    { sample = null, bytesIn = 0, bytesOut = 0 }: { sample?: number | null; bytesIn?: number; bytesOut?: number } = {},
  ): Promise<void> {
    const route = { id: "GET /products/:id", path: "/products/:id", sample };
    const { status } = await this.tracing.route(handler, route)(exchange);
    this.tracing.completed(exchange, status, bytesIn, bytesOut);
  }

  /** The only span of this name. */
  named(name: string): ReadableSpan {
    const found = this.spans.filter((span) => span.name === name);
    if (found.length !== 1) throw new Error(`${found.length} spans are named ${name}: ${this.names()}`);
    return found[0];
  }

  names(): string[] {
    return this.spans.map(({ name }) => name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.tracing.close();
  }
}

/** Milliseconds from a span's start to its end. */
export function took({ duration: [seconds, nanoseconds] }: ReadableSpan): number {
  return Math.round(seconds * 1000 + nanoseconds / 1e6);
}
