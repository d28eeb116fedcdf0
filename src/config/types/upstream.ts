/** Upstreams as they are written: where they are and how they are reached. @module */

import type { Secret } from "../../core/secret.ts";
import type { Duration } from "../../core/units.ts";
import type { KeyFunction } from "../../policies/keys/key_spec.ts";
import type { CustomBalancer } from "../../upstreams/balancers/define_balancer.ts";
import type { Balance, HashKey, InFlight, Sticky } from "./balance.ts";
import type { CircuitBreaker } from "./circuit_breaker.ts";
import type { AnyEndpoint, CheckedEndpoints, CheckedUrl } from "./endpoint.ts";
import type { Health, Outliers } from "./health.ts";
import type { At } from "./infer.ts";
import type { Hedge, Retry } from "./retry.ts";
import type { Timeouts } from "./timeouts.ts";

/** The connections kept to each endpoint. */
export interface PoolConfig {
  /**
   * Most connections to one endpoint, busy and idle; at least 1. Requests beyond it wait, as long as `timeouts.connect`
   * lets them.
   *
   * @default 256
   */
  readonly max?: number;
  /**
   * How long an unused connection is kept. Set it below the upstream's own keep-alive time-out, or requests will meet
   * connections that are just being closed.
   *
   * @default "60s"
   */
  readonly idle?: Duration;
}

/** TLS towards `https:` endpoints; an error with `http:` ones. */
export interface UpstreamTls {
  /**
   * Name asked for (SNI) and expected in the certificate.
   *
   * @default the host in the endpoint's URL
   */
  readonly serverName?: string;
  /**
   * PEM of the authority that signed the upstream's certificate: a file's path, or a secret.
   *
   * @default the system's authorities
   */
  readonly ca?: string | Secret;
  /** PEM of the certificate that this gateway shows (mutual TLS): a file's path, or a secret. Goes with `key`. */
  readonly cert?: string | Secret;
  /** PEM of the private key of `cert`. */
  readonly key?: Secret;
  /**
   * Believes any certificate. The connection is then open to whoever stands between; `check` warns.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/** A named pool of endpoints with the settings they share. `L` are the endpoints as they were written. */
export interface UpstreamConfig<L = unknown> {
  /**
   * Where the upstream is: a list of URLs, URLs with settings, or what `demo()` returns; or `{ dns: "http://…" }` where DNS
   * finds them.
   */
  readonly endpoints: CheckedEndpoints<L>;
  /**
   * How an endpoint is picked. A `weight`, of an endpoint or an SRV record, counts with all but `"p2c"` and `"peak-ewma"`;
   * a balancer of one's own is told the weights.
   *
   * - `"round-robin"`, also called `"weighted-round-robin"`: in turn, smoothly by weight.
   * - `"random"`: by chance, by weight.
   * - `"least-requests"`: the one with the fewest requests under way for its weight.
   * - `"p2c"`: the one with fewer requests under way of two that chance picks.
   * - `"peak-ewma"`: the one that promises the shortest wait, by its latency and requests under way.
   * - `"hash"`: always the same for the same value of `hashBy`; of the values each gets its share by weight.
   * - `"weighted-latency"`: by chance, by weight, more often what answers fast and without errors.
   * - what `defineBalancer()` returns.
   *
   * @default "round-robin"
   */
  readonly balance?: Balance | CustomBalancer;
  /**
   * What `balance: "hash"` goes by: a key, the first of several that is present, or a function that answers at once.
   * Requests without any go by chance. An endpoint that comes or goes moves only its own share of the values.
   */
  readonly hashBy?: HashKey | readonly HashKey[] | KeyFunction;
  /**
   * With `balance: "hash"`: most load of an endpoint, as a multiple of its fair share, from 1 to 10; what is beyond goes to
   * the next one. 1.25 is usual.
   *
   * @default no bound
   */
  readonly boundedLoad?: number;
  /**
   * Leads a client back to its endpoint by a cookie; `balance` places those without one.
   *
   * @default off
   */
  readonly sticky?: Sticky;
  /**
   * How long an endpoint that comes, or comes back, takes to its full share; it begins with a tenth. With `balance`
   * `"round-robin"`, `"random"`, `"least-requests"` and `"weighted-latency"`.
   *
   * @default none
   */
  readonly slowStart?: Duration;
  /**
   * Most requests under way, of the whole upstream; or settings.
   *
   * @default no limit
   */
  readonly maxInFlight?: number | InFlight;
  /**
   * Probes that take endpoints out which fail them.
   *
   * @default off
   */
  readonly health?: Health;
  /**
   * Takes endpoints out for a while at which requests fail.
   *
   * @default off
   */
  readonly outliers?: Outliers;
  /**
   * Stops sending where requests fail. A list may have one `per: "endpoint"` and one `per: "upstream"`.
   *
   * @default off
   */
  readonly circuitBreaker?: CircuitBreaker | readonly CircuitBreaker[];
  /**
   * The Host field sent: `"client"` as the client sent it, `"endpoint"` the host in the endpoint's URL, or this text
   * (`"api.internal"`, `"api.internal:8443"`). Virtual hosts behind TLS mostly want their own; a Unix socket's own is
   * `localhost`.
   *
   * @default "client" for `http:` and `unix:` endpoints, "endpoint" for `https:` ones
   */
  readonly host?: string;
  /** Limits on waiting; a route may set its own, field by field. */
  readonly timeouts?: Timeouts;
  /**
   * When and how often a request is tried again; a route may set its own, field by field. `false`: never.
   *
   * @default { attempts: 2 }
   */
  readonly retry?: false | Retry;
  /**
   * A second request while the first takes long; a route may set its own.
   *
   * @default off
   */
  readonly hedge?: false | Hedge;
  /** Connections kept to each endpoint. */
  readonly pool?: PoolConfig;
  /** TLS towards `https:` endpoints. */
  readonly tls?: UpstreamTls;
  /**
   * `"h1"`: HTTP/1.1. `"h2"`: HTTP/2, negotiated by ALPN with `https:` endpoints, taken for granted (h2c with prior
   * knowledge, RFC 9113 §3.3) with `http:` ones; not over a Unix socket. It goes through the runtime's `fetch`, which
   * costs several times the CPU of `"h1"`: choose it for servers that speak nothing else.
   *
   * @default "h1"
   */
  readonly protocol?: "h1" | "h2";
  /**
   * Whether the gateway counts as ready (`/readyz`) only while one of the endpoints may take requests. Where instances
   * share their upstreams, one that is out takes all of them out of the load balancer: for upstreams that are a part of
   * this gateway, such as what runs beside it.
   *
   * @default false
   */
  readonly required?: boolean;
}

/** An upstream: a URL, a list of endpoints, or settings. */
export type Upstream = string | readonly AnyEndpoint[] | UpstreamConfig;

/**
 * The upstreams expected where `V` was written. Each gets the one type of its form instead of the union of all forms, so
 * that the compiler names the wrong key and not the whole upstream. A mapped type over `V` itself, because that alone
 * carries the `const` of `V` down to the literals.
 */
export type CheckedUpstreams<V> = { readonly [K in keyof V]: CheckedUpstream<V[K]> };

/** The names of upstreams or stores, none where there are none. */
export type NamesOf<V> = NoInfer<keyof V & string>;

type CheckedUpstream<X> = unknown extends X ? Upstream
  : X extends string ? CheckedUrl<X>
  : X extends readonly unknown[] ? CheckedEndpoints<X>
  : UpstreamConfig<At<X, "endpoints">>;
