/** Traces by the runtime's own OpenTelemetry (`OTEL_DENO=true`). @module */

import { ROOT_CONTEXT, type Span as ApiSpan, trace } from "@opentelemetry/api";
import type { Clock } from "../../core/clock.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise, Middleware } from "../../core/handler.ts";
import type { Reply } from "../../core/reply.ts";
import type { RouteTracing, SpanAttributes, Tracing } from "../../core/trace.ts";
import { isServerError } from "../failures.ts";
import type { TracesPlan } from "../telemetry_plan.ts";
import { parentContext } from "./parent_context.ts";
import type { Propagation } from "./propagation.ts";
import { RecordedSpan } from "./recorded_span.ts";
import { RecordedTrace } from "./recorded_trace.ts";
import { RequestRecord } from "./request_record.ts";
import { Share } from "./sampling.ts";
import { type Ended, errorType, serverAttributes, serverSpanName } from "./server_span.ts";
import type { SpanMaker } from "./span_maker.ts";
import { UnrecordedTrace } from "./unrecorded_trace.ts";
import { recordedTrace, watchPolicy } from "./watch_policy.ts";

/** What the runtime says of its spans by itself. It would have what is said again twice. */
const TOLD: ReadonlySet<string> = new Set(
  ["error.type", "http.request.method", "http.response.status_code", "url.full", "url.path", "url.query", "url.scheme"],
);

/** What {@link RuntimeTracing} is made of. */
export interface RuntimeTracingInit {
  readonly plan: TracesPlan;
  readonly propagation: Propagation;
  /** Of the runtime's tracer. */
  readonly maker: SpanMaker;
  readonly clock: Clock;
}

/**
 * The runtime records and sends, by what its environment says. Where it has a span for a request, on `Deno.serve`, that one
 * is told what the gateway knows, and no other is made; on the gateway's own listener the gateway begins it.
 */
export class RuntimeTracing implements Tracing {
  readonly fields: readonly string[];
  /** What the runtime loses it does not tell. */
  readonly dropped = 0;
  readonly #init: RuntimeTracingInit;
  readonly #share: Share;
  #maker: SpanMaker;
  /** Spans of requests that were begun here: one that is still active where the next request is read is not that one's. */
  readonly #begun = new WeakSet<ApiSpan>();

  constructor(init: RuntimeTracingInit) {
    this.fields = init.propagation.fields;
    this.#init = init;
    this.#maker = init.maker;
    this.#share = new Share(init.plan.sample);
  }

  route(handler: Handler, route: RouteTracing | null): Handler {
    const share = this.#shareOf(route);
    return (exchange) => {
      const found = this.#enter(exchange, route, share), tell = (reply: Reply) => this.#tell(exchange, reply);
      // What is active here is what the runtime's client has for a parent.
      const reply: MaybePromise<Reply> = isAdopted(found) ? handler(exchange) : found.run(() => handler(exchange));
      return reply instanceof Promise ? reply.then(tell) : tell(reply);
    };
  }

  local(exchange: Exchange, answer: (exchange: Exchange) => Reply): Reply {
    if (exchange.trace === null) this.#enter(exchange, null, this.#share);
    return this.#tell(exchange, answer(exchange));
  }

  policy(middleware: Middleware, node: { readonly id: string; readonly kind: string }): Middleware {
    const { plan: { policies }, clock } = this.#init;
    return policies === "none" ? middleware : watchPolicy(middleware, node, policies, clock);
  }

  completed(exchange: Exchange, status: number, bytesIn: number, bytesOut: number): void {
    if (exchange.trace === null) {
      this.#enter(exchange, null, this.#share);
      tellRuntime(exchange, status);
    }
    this.#end(exchange, { status, bytesIn, bytesOut });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #runtimeSpan(): ApiSpan | null {
    const active = trace.getActiveSpan();
    return active === undefined || this.#begun.has(active) || !active.isRecording() ? null : active;
  }

  #enter(exchange: Exchange, route: RouteTracing | null, share: Share): RecordedTrace | UnrecordedTrace {
    const active = this.#runtimeSpan();
    return exchange.trace = active === null
      ? this.#begin(exchange, route, share)
      : this.#adopt(exchange, route, active);
  }

  #tell(exchange: Exchange, reply: Reply): Reply {
    const { responseHeader } = this.#init.plan;
    if (responseHeader !== null && exchange.trace !== null) reply.headers.set(responseHeader, exchange.trace.traceId);
    tellRuntime(exchange, reply.status);
    return reply;
  }

  #adopt(exchange: Exchange, route: RouteTracing | null, active: ApiSpan): RecordedTrace {
    active.updateName(serverSpanName(exchange.method, route));
    // Without the baggage that the runtime has read: the gateway hands it on, and `fetch` would send it a second time.
    const span = new RecordedSpan(active, ROOT_CONTEXT, this.#fresh().time, false);
    return this.#recorded(span, exchange, route);
  }

  #fresh(): SpanMaker {
    return this.#maker = this.#maker.fresh();
  }

  #shareOf(route: RouteTracing | null): Share {
    return route === null || route.sample === null ? this.#share : new Share(route.sample);
  }

  #begin(exchange: Exchange, route: RouteTracing | null, share: Share): RecordedTrace | UnrecordedTrace {
    const { propagation } = this.#init, maker = this.#fresh();
    const from = propagation.read(exchange);
    const traceId = from.traceId === "" ? propagation.newTraceId() : from.traceId;
    const unrecorded = () => new UnrecordedTrace(traceId, propagation.newSpanId(), from, propagation);
    if (!(from.sampled ?? share.has(traceId))) return unrecorded();
    const name = serverSpanName(exchange.method, route);
    const span = maker.beginServer(name, exchange.startedAt, parentContext(ROOT_CONTEXT, from));
    this.#begun.add(span.api);
    return span.api.isRecording() ? this.#recorded(span, exchange, route) : unrecorded();
  }

  #recorded(span: RecordedSpan, exchange: Exchange, route: RouteTracing | null): RecordedTrace {
    const { propagation } = this.#init;
    const init = {
      maker: this.#maker,
      propagation,
      from: propagation.read(exchange),
      sampled: true,
      base: ROOT_CONTEXT,
      group: null,
      stays: true,
    };
    return new RecordedTrace(span, new RequestRecord(init, { span, route }));
  }

  #end(exchange: Exchange, ended: Ended): void {
    const request = recordedTrace(exchange)?.record.request ?? null;
    if (request === null || !request.span.own) return;
    const { span, route } = request, { error } = exchange, { status } = ended;
    span.set(serverAttributes(exchange, route, ended));
    if (isServerError(error, status)) span.fail(errorType(error, status));
    span.end();
  }
}

/** Whether the exchange's span is the runtime's. */
function isAdopted({ span }: RecordedTrace | UnrecordedTrace): boolean {
  return span !== null && !span.own;
}

/** Tells the runtime's span, where it is one, what the gateway knows when the answer's head is there: it may end with that. */
function tellRuntime(exchange: Exchange, status: number): void {
  const request = recordedTrace(exchange)?.record.request ?? null;
  if (request === null || request.span.own) return;
  const { span, route } = request, { error } = exchange;
  const attributes = serverAttributes(exchange, route, { status, bytesIn: null, bytesOut: null });
  span.set(untold(error === "" ? attributes : { ...attributes, "gatewright.error": error }));
}

function untold(attributes: SpanAttributes): SpanAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !TOLD.has(name)));
}
