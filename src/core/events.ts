/** What happens in the gateway, told to whoever listens: access log, metrics, analytics, dashboard. @module */

import type { AuthOutcome, CacheOutcome, Exchange, LimitOutcome } from "./exchange.ts";

/** One request is over: its last byte is out, or it broke off. */
export interface RequestCompleted {
  readonly method: string;
  /** Canonical path, without the query. */
  readonly path: string;
  readonly host: string;
  /** Id of the route, or `""` when none took it. */
  readonly route: string;
  /** The status sent; 499 when the client left before there was one. */
  readonly status: number;
  /** Milliseconds from the request's head to the end of the answer's body. */
  readonly duration: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Id of the endpoint that answered last, or `""`. */
  readonly endpoint: string;
  /** Tries against endpoints. */
  readonly attempts: number;
  readonly requestId: string;
  readonly client: string;
  /** How it ended when not as it should: a failure code, or `""`. */
  readonly error: string;
  readonly limit: LimitOutcome;
  readonly auth: AuthOutcome;
  readonly cache: CacheOutcome;
  /** The consumer, else the subject of the credential; `""` where none was accepted. */
  readonly identity: string;
  /** Why a policy refused it, or `""`. */
  readonly reason: string;
  /** Id of its trace, or `""`. */
  readonly traceId: string;
  /** Whether the trace is recorded. */
  readonly traced: boolean;
  /** For whoever wants more of it, such as fields: to be read at once, and not changed. */
  readonly exchange: Exchange;
}

/** Active checks have changed their mind about an endpoint. */
export interface EndpointHealthChanged {
  readonly upstream: string;
  readonly endpoint: string;
  readonly up: boolean;
  /** `3 probes failed: status 503`. */
  readonly reason: string;
}

/** An endpoint was ejected for its failures, or is back. */
export interface EndpointEjected {
  readonly upstream: string;
  readonly endpoint: string;
  readonly ejected: boolean;
  readonly reason: string;
}

/** A circuit breaker is in another state. */
export interface BreakerChanged {
  readonly upstream: string;
  /** Id of its endpoint; `""` for the breaker of the whole upstream. */
  readonly endpoint: string;
  readonly from: "closed" | "open" | "half-open";
  readonly to: "closed" | "open" | "half-open";
}

/** DNS has other endpoints for an upstream. */
export interface EndpointsChanged {
  readonly upstream: string;
  /** Ids of all of them. */
  readonly endpoints: readonly string[];
}

/** Every event by name. */
export interface EventMap {
  "request.completed": RequestCompleted;
  "endpoint.health": EndpointHealthChanged;
  "endpoint.ejected": EndpointEjected;
  "breaker.changed": BreakerChanged;
  "upstream.endpoints": EndpointsChanged;
}

type Listener<T> = (event: T) => void;

/** A bus within one isolate. Listeners are called at once, in the order of their subscription, and must not throw. */
export class Events {
  readonly #listeners: { [N in keyof EventMap]?: Listener<EventMap[N]>[] } = {};

  /** Subscribes; the result unsubscribes. */
  on<N extends keyof EventMap>(name: N, listener: Listener<EventMap[N]>): () => void {
    const list: Listener<EventMap[N]>[] = this.#listeners[name] ??= [];
    list.push(listener);
    return () => {
      const at = list.indexOf(listener);
      if (at >= 0) list.splice(at, 1);
    };
  }

  /** Tells every listener. */
  emit<N extends keyof EventMap>(name: N, event: EventMap[N]): void {
    const list: Listener<EventMap[N]>[] | undefined = this.#listeners[name];
    if (list !== undefined) { for (let i = 0; i < list.length; i++) list[i](event); }
  }
}
