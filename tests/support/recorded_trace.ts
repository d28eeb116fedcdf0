/** Traces that are kept in a list, in place of those of OpenTelemetry. @module */

import type { Exchange } from "../../src/core/exchange.ts";
import type { Handler, Middleware } from "../../src/core/handler.ts";
import type { Reply } from "../../src/core/reply.ts";
import type {
  ExchangeTrace,
  RouteTracing,
  Span,
  SpanAttributes,
  SpanInit,
  SpanLink,
  Tracing,
} from "../../src/core/trace.ts";
import type { TreeSpan } from "../../src/telemetry/traces/trace_tree.ts";

const clock = { now: () => 0 };
type Now = { now(): number };

/** A span as it was recorded. */
export class SeenSpan implements Span, TreeSpan {
  readonly attributes: Record<string, string | number | boolean>;
  readonly events: { name: string; attributes: SpanAttributes }[] = [];
  readonly links: SpanLink[];
  readonly kind: string;
  readonly name: string;
  readonly startedAt: number;
  error = "";
  endedAt: number | null = null;
  readonly #clock: Now;

  constructor(
    readonly traceId: string,
    readonly spanId: string,
    readonly parentId: string,
    init: SpanInit,
    clock: Now,
  ) {
    this.#clock = clock;
    this.name = init.name;
    this.kind = init.kind ?? "internal";
    this.startedAt = init.startedAt ?? clock.now();
    this.attributes = { ...init.attributes };
    this.links = [...init.links ?? []];
  }

  set(attributes: SpanAttributes): void {
    if (this.endedAt === null) Object.assign(this.attributes, attributes);
  }

  event(name: string, attributes: SpanAttributes = {}): void {
    if (this.endedAt === null) this.events.push({ name, attributes });
  }

  fail(type: string): void {
    if (this.endedAt === null) this.error = type;
  }

  link(to: SpanLink): void {
    if (this.endedAt === null) this.links.push({ traceId: to.traceId, spanId: to.spanId });
  }

  end(at = this.#clock.now()): void {
    this.endedAt ??= at;
  }
}

/** A trace all of which is recorded. */
class SeenTrace implements ExchangeTrace {
  constructor(readonly span: SeenSpan, readonly tracing: SeenTraces) {}

  get traceId(): string {
    return this.span.traceId;
  }

  get spanId(): string {
    return this.span.spanId;
  }

  begin(init: SpanInit): SeenSpan {
    return this.tracing.begin(init, this.span);
  }

  lines(span: Span | null): string {
    return `traceparent: 00-${this.traceId}-${span?.spanId ?? this.spanId}-01\r\n`;
  }

  under(span: Span): SeenTrace {
    return new SeenTrace(span as SeenSpan, this.tracing);
  }

  detached(init: SpanInit): SeenTrace {
    const span = this.tracing.begin({ ...init, links: [...init.links ?? [], this.span] }, null);
    this.span.link(span);
    return new SeenTrace(span, this.tracing);
  }

  run<T>(work: () => T): T {
    return work();
  }

  leave<T>(work: () => T): T {
    return work();
  }
}

/** A trace of which only ids are known. */
class IdsOnly implements ExchangeTrace {
  readonly span = null;

  constructor(readonly traceId: string, readonly spanId: string) {}

  begin(): null {
    return null;
  }

  lines(): string {
    return `traceparent: 00-${this.traceId}-${this.spanId}-00\r\n`;
  }

  under(): this {
    return this;
  }

  detached(): this {
    return this;
  }

  run<T>(work: () => T): T {
    return work();
  }

  leave<T>(work: () => T): T {
    return work();
  }
}

/** Makes traces, and keeps every span. */
export class SeenTraces implements Tracing {
  readonly fields = ["traceparent", "tracestate"];
  /** In the order in which they began. */
  readonly spans: SeenSpan[] = [];
  readonly #clock: Now;
  readonly #sampled: boolean;
  #ids = 0;

  constructor(now: Now = clock, sampled = true) {
    this.#clock = now;
    this.#sampled = sampled;
  }

  /** Spans of one name. */
  named(name: string): SeenSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  begin(init: SpanInit, parent: SeenSpan | null): SeenSpan {
    const id = (++this.#ids).toString(16), traceId = parent?.traceId ?? id.padStart(32, "0");
    const span = new SeenSpan(traceId, id.padStart(16, "0"), parent?.spanId ?? "", init, this.#clock);
    this.spans.push(span);
    return span;
  }

  /** A trace for an exchange that no route sees. */
  trace(name = "request"): ExchangeTrace {
    return this.#sampled
      ? new SeenTrace(this.begin({ name }, null), this)
      : new IdsOnly("a".repeat(32), "b".repeat(16));
  }

  route(handler: Handler, route: RouteTracing | null): Handler {
    return (exchange) => {
      exchange.trace = this.trace(`${exchange.method} ${route?.path ?? ""}`.trim());
      return handler(exchange);
    };
  }

  local(exchange: Exchange, answer: (exchange: Exchange) => Reply): Reply {
    exchange.trace ??= this.trace(exchange.method);
    return answer(exchange);
  }

  policy(middleware: Middleware): Middleware {
    return middleware;
  }

  completed({ trace }: Exchange, status: number): void {
    trace?.span?.set({ "http.response.status_code": status });
    trace?.span?.end();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
