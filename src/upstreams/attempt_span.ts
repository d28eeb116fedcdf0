/** How an attempt is told in a trace. @module */

import type { Exchange } from "../core/exchange.ts";
import { NAMED_METHODS, OTHER_METHOD } from "../core/named_methods.ts";
import type { ExchangeTrace, Span, SpanAttributes } from "../core/trace.ts";
import type { TransportOutcome } from "../transport/transport.ts";
import type { ConnectionWatch } from "../transport/wire_request.ts";
import type { BreakerState } from "./breaker/circuit_breaker.ts";
import type { Hop } from "./hop.ts";
import type { LiveEndpoint } from "./live_endpoint.ts";
import { NOBODYS, type OutcomeCode, TIMEOUT } from "./outcome_set.ts";

/** Answers from here on are failures of the endpoint; below, the gateway has done what it is there for. */
const FIRST_FAILURE = 500;

/** What the attempt loop knows of an attempt. */
export interface AttemptFacts {
  /** Whether it is sent beside one that is under way. */
  readonly hedge: boolean;
  /** Milliseconds that the request has waited for a place, or 0. */
  readonly queued: number;
}

/** Begins the span of an attempt; `null` where nobody will read it. {@link Exchange.attempts} counts this one already. */
export function attemptSpan(
  trace: ExchangeTrace,
  exchange: Exchange,
  { upstream, path }: Hop,
  endpoint: LiveEndpoint,
  { hedge, queued }: AttemptFacts,
): AttemptSpan | null {
  const { method, attempts } = exchange, known = NAMED_METHODS.has(method);
  const attributes: Record<string, string | number | boolean> = {
    "http.request.method": known ? method : OTHER_METHOD,
    "gatewright.upstream": upstream.name,
    "gatewright.endpoint": endpoint.id,
    "gatewright.attempt": attempts,
    // The query may hold what is nobody's business.
    "url.full": `${endpoint.plan.scheme}://${endpoint.authority}${path(exchange)}`,
    ...serverOf(endpoint),
  };
  if (!known) attributes["http.request.method_original"] = method;
  if (attempts > 1) attributes["http.request.resend_count"] = attempts - 1;
  if (hedge) attributes["gatewright.hedge"] = true;
  // One request has one client's span: where the runtime makes it, it stands under this one.
  const kind = endpoint.transport.traced ? "internal" : "client";
  const span = trace.begin({ name: `${known ? method : "HTTP"} ${upstream.name}`, kind, attributes });
  if (span === null) return null;
  if (queued > 0) span.event("queued", { "gatewright.wait": queued });
  return new AttemptSpan(span);
}

function serverOf({ plan: { address } }: LiveEndpoint): SpanAttributes {
  return address.kind === "tcp"
    ? { "server.address": address.hostname, "server.port": address.port }
    : { "server.address": address.path, "network.transport": "unix" };
}

/** Ends when the attempt is over, and not before the attempt loop has said what it makes of it. Durations are milliseconds. */
export class AttemptSpan implements ConnectionWatch {
  readonly span: Span;
  #judged = true;
  #overAt: number | null = null;

  constructor(span: Span) {
    this.span = span;
  }

  connected(reused: boolean): void {
    this.span.event(reused ? "connection reused" : "connection opened");
  }

  /** There is an answer, or none will come. @param given what it counts as where it was given up */
  settled(outcome: TransportOutcome, given: OutcomeCode | null): void {
    const { span } = this;
    this.#judged = false;
    if (given !== null) {
      span.set({ "gatewright.outcome": "given-up" });
      if (given === TIMEOUT) span.fail("deadline_exceeded");
    } else if (outcome.ok) {
      const { reply: { status }, version } = outcome;
      span.set({ "http.response.status_code": status, "network.protocol.version": version });
      if (status >= FIRST_FAILURE) span.fail(String(status));
    } else {
      const { code, stage, fault, cause } = outcome;
      span.set({ "gatewright.outcome": code, "gatewright.stage": stage });
      if (fault !== "client") span.fail(code, cause instanceof Error ? cause.message : undefined);
    }
  }

  /** The same request will be sent again. */
  retry(delay: number): void {
    this.span.event("retry", { "gatewright.delay": Math.round(delay) });
  }

  /** A later attempt was quicker. */
  beaten(): void {
    this.span.event("beaten");
  }

  /** The endpoint is left out for a while, because of this attempt too. */
  ejected(): void {
    this.span.event("ejected");
  }

  /** A circuit breaker has changed its mind because of this attempt. */
  switched(of: "endpoint" | "upstream", state: BreakerState): void {
    this.span.event(`circuit breaker ${state}`, { "gatewright.breaker.per": of });
  }

  /**
   * Its body has ended, or never will.
   *
   * @param status what the attempt was when its head was there
   * @param code what it counts as in the end
   */
  over(status: OutcomeCode, code: OutcomeCode, now: number): void {
    if (status >= 100 && code !== status) {
      if (code === NOBODYS) this.span.event("answer given up");
      else this.span.fail(code === TIMEOUT ? "upstream_body_timeout" : "upstream_body_broken");
    }
    this.#overAt = now;
    this.#end();
  }

  /** The attempt loop knows what is next. */
  judged(): void {
    this.#judged = true;
    this.#end();
  }

  #end(): void {
    if (this.#judged && this.#overAt !== null) this.span.end(this.#overAt);
  }
}
