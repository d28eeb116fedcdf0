/** The trace that a request belongs to, as whatever works on the request sees it. @module */

import type { Handler, Middleware } from "./handler.ts";
import type { Exchange } from "./exchange.ts";
import type { Reply } from "./reply.ts";

/** What may be said of a piece of work. Names are those of OpenTelemetry's semantic conventions, else `gatewright.*`. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A span of one trace, that another one has to do with. */
export interface SpanLink {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** What a piece of work begins with. */
export interface SpanInit {
  /** One of few: no id and no path stands in it. */
  readonly name: string;
  /** `client` for what asks another process. @default "internal" */
  readonly kind?: "internal" | "client";
  readonly attributes?: SpanAttributes;
  /** {@link Clock.now}. @default now */
  readonly startedAt?: number;
  readonly links?: readonly SpanLink[];
}

/** One piece of work in a trace that somebody will read. */
export interface Span extends SpanLink {
  /** Says more of it; a later value takes the place of an earlier one. */
  set(attributes: SpanAttributes): void;
  /** Something has happened meanwhile. */
  event(name: string, attributes?: SpanAttributes): void;
  /** It has gone wrong. @param type a code, as problems have it: `upstream_timeout` */
  fail(type: string, message?: string): void;
  link(to: SpanLink): void;
  /** It is over; what is said later is not heard. @param at {@link Clock.now}; now unless given */
  end(at?: number): void;
}

/** The place of one exchange in its trace. */
export interface ExchangeTrace extends SpanLink {
  /** Of the exchange as a whole; `null`: nobody will read the trace, of which ids are passed on and nothing else. */
  readonly span: Span | null;
  /** Begins a piece of work under {@link span}; `null` where there is none. */
  begin(init: SpanInit): Span | null;
  /** Field lines that tell an upstream of the trace, each ended by CRLF. @param span what its work is to stand under; `null`: the exchange */
  lines(span: Span | null): string;
  /** For a copy of the exchange: the same trace, its work under this span. */
  under(span: Span): ExchangeTrace;
  /**
   * For work that nobody of this exchange waits for: a trace of its own, read if this one is, each linked to the other. Who
   * began it ends its span.
   */
  detached(init: SpanInit): ExchangeTrace;
  /** Calls what users wrote: in it, the API of OpenTelemetry knows the trace. */
  run<T>(work: () => T): T;
  /** Calls what is the gateway's own again, from within {@link run}: connections and timers of it must not know the trace. */
  leave<T>(work: () => T): T;
}

/** What a route says of its traces. */
export interface RouteTracing {
  readonly id: string;
  /** Its path's pattern, as written. */
  readonly path: string;
  /** Share of its traces that are recorded where nobody has decided yet, from 0 to 1. @default the gateway's */
  readonly sample: number | null;
}

/** Makes traces of exchanges. */
export interface Tracing {
  /** Names, in lower case, of the request fields that tell of traces: what clients said in them does not go on. */
  readonly fields: readonly string[];
  /**
   * The way of requests through a route, each with a trace. @param route `null` for what no route takes
   */
  route(handler: Handler, route: RouteTracing | null): Handler;
  /**
   * An answer that no route makes: a refusal, or one in place of what a handler threw. The exchange has its trace when it is
   * made, and it tells of it as those of routes do.
   */
  local(exchange: Exchange, answer: (exchange: Exchange) => Reply): Reply;
  /** A policy, its work seen in traces. */
  policy(middleware: Middleware, node: { readonly id: string; readonly kind: string }): Middleware;
  /** The exchange is over, its answer's last byte included. An exchange that no route has seen gets its trace now. */
  completed(exchange: Exchange, status: number, bytesIn: number, bytesOut: number): void;
  /** Sends what has not been sent, and ends. It takes a few seconds at most. */
  close(): Promise<void>;
}
