/** Traces of the gateway's own making. @module */

import type { Clock } from "../../core/clock.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Handler, Middleware } from "../../core/handler.ts";
import type { Reply } from "../../core/reply.ts";
import type { ExchangeTrace, RouteTracing, Tracing } from "../../core/trace.ts";
import { hasFailed, isServerError } from "../failures.ts";
import type { TracesPlan } from "../telemetry_plan.ts";
import type { TraceContext } from "./context/trace_context.ts";
import { parentContext } from "./parent_context.ts";
import type { Propagation } from "./propagation.ts";
import { RecordedTrace } from "./recorded_trace.ts";
import { RequestRecord } from "./request_record.ts";
import { Share } from "./sampling.ts";
import { type Ended, errorType, serverAttributes, serverSpanName } from "./server_span.ts";
import { SpanGroup } from "./span_group.ts";
import type { SpanMaker } from "./span_maker.ts";
import { type GatewayIds, recordedContext } from "./span_provider.ts";
import type { SpanSink } from "./span_sink.ts";
import { UnrecordedTrace } from "./unrecorded_trace.ts";
import { recordedTrace, watchPolicy } from "./watch_policy.ts";

/** What {@link GatewayTracing} is made of. */
export interface GatewayTracingInit {
  readonly plan: TracesPlan;
  readonly propagation: Propagation;
  readonly ids: GatewayIds;
  readonly maker: SpanMaker;
  readonly sink: SpanSink;
  readonly clock: Clock;
  /** Ends what was begun for it. */
  readonly close: () => Promise<void>;
}

/** Makes traces by OpenTelemetry's tracer, of those requests whose traces are recorded; of others it makes nothing but ids. */
export class GatewayTracing implements Tracing {
  readonly fields: readonly string[];
  readonly #init: GatewayTracingInit;
  /** Of the traces of routes that do not say theirs. */
  readonly #share: Share;
  #maker: SpanMaker;

  constructor(init: GatewayTracingInit) {
    this.#maker = init.maker;
    this.fields = init.propagation.fields;
    this.#init = init;
    this.#share = new Share(init.plan.sample);
  }

  /** Spans that did not get to a collector. */
  get dropped(): number {
    return this.#init.sink.dropped;
  }

  route(handler: Handler, route: RouteTracing | null): Handler {
    const { responseHeader } = this.#init.plan, share = this.#shareOf(route);
    if (responseHeader === null) {
      return (exchange) => {
        exchange.trace = this.#begin(exchange, route, share);
        return handler(exchange);
      };
    }
    return (exchange) => {
      const { traceId } = exchange.trace = this.#begin(exchange, route, share);
      const tell = (reply: Reply) => {
        reply.headers.set(responseHeader, traceId);
        return reply;
      };
      const reply = handler(exchange);
      return reply instanceof Promise ? reply.then(tell) : tell(reply);
    };
  }

  local(exchange: Exchange, answer: (exchange: Exchange) => Reply): Reply {
    const { responseHeader } = this.#init.plan;
    const { traceId } = exchange.trace ??= this.#begin(exchange, null, this.#share);
    const reply = answer(exchange);
    if (responseHeader !== null) reply.headers.set(responseHeader, traceId);
    return reply;
  }

  policy(middleware: Middleware, node: { readonly id: string; readonly kind: string }): Middleware {
    const { plan: { policies }, clock } = this.#init;
    return policies === "none" ? middleware : watchPolicy(middleware, node, policies, clock);
  }

  completed(exchange: Exchange, status: number, bytesIn: number, bytesOut: number): void {
    exchange.trace ??= this.#begin(exchange, null, this.#share);
    const trace = recordedTrace(exchange);
    if (trace !== null) this.#end(trace, exchange, { status, bytesIn, bytesOut });
  }

  close(): Promise<void> {
    return this.#init.close();
  }

  #shareOf(route: RouteTracing | null): Share {
    return route === null || route.sample === null ? this.#share : new Share(route.sample);
  }

  #begin(exchange: Exchange, route: RouteTracing | null, share: Share): ExchangeTrace {
    const { plan, propagation } = this.#init;
    const from = propagation.read(exchange);
    const traceId = from.traceId === "" ? propagation.newTraceId() : from.traceId;
    const sampled = from.sampled ?? share.has(traceId);
    return sampled || plan.keepErrors
      ? this.#record(exchange, route, from, traceId, sampled)
      : new UnrecordedTrace(traceId, propagation.newSpanId(), from, propagation);
  }

  #record(
    { method, startedAt }: Exchange,
    route: RouteTracing | null,
    from: TraceContext,
    traceId: string,
    sampled: boolean,
  ): RecordedTrace {
    const { propagation, ids, sink } = this.#init, maker = this.#maker = this.#maker.fresh();
    const group = sink.whole || !sampled ? new SpanGroup(sink) : null;
    const base = recordedContext(sampled, group);
    // A caller's span, the parent, has the id already.
    ids.next = from.traceId === "" ? traceId : null;
    const span = maker.beginServer(serverSpanName(method, route), startedAt, parentContext(base, from));
    return new RecordedTrace(
      span,
      new RequestRecord({ maker, propagation, from, sampled, base, group }, { span, route }),
    );
  }

  #end(trace: RecordedTrace, exchange: Exchange, ended: Ended): void {
    const { error } = exchange, { status } = ended, { record } = trace;
    if (record.request === null) return;
    const { span, route } = record.request, kept = record.sampled || hasFailed(error, status);
    if (kept) {
      span.set(serverAttributes(exchange, route, ended));
      if (isServerError(error, status)) span.fail(errorType(error, status));
    }
    span.end();
    record.group?.settle(kept);
    if (!kept) exchange.trace = new UnrecordedTrace(span.traceId, span.spanId, record.from, this.#init.propagation);
  }
}
