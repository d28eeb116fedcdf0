/** Upstreams as they are written: where they are and how they are reached. @module */

import type { Secret } from "../../core/secret.ts";
import type { Duration } from "../../core/units.ts";
import type { CheckedEndpoints, CheckedUrl, Endpoint } from "./endpoint.ts";
import type { At } from "./infer.ts";

/** Limits on the waiting for an upstream. When one passes, the attempt is cancelled and the client gets a 504 or 502. */
export interface Timeouts {
  /**
   * For a TCP connection to be made, the wait for a place in a full pool included; no part of a request that finds an
   * unused one.
   *
   * @default "2s"
   */
  readonly connect?: Duration;
  /**
   * For the TLS handshake, after `connect`.
   *
   * @default "3s"
   */
  readonly tls?: Duration;
  /**
   * From the last byte of the request to the end of the response head. A slow report needs more here, not in `idle`.
   *
   * @default "30s"
   */
  readonly head?: Duration;
  /**
   * Between two pieces of a body, in either direction. It does not bound the whole: a stream that keeps flowing lives on.
   *
   * @default "60s"
   */
  readonly idle?: Duration;
}

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
  /** Where the upstream is: URLs, URLs with a weight, or what `demo()` returns; at least one. */
  readonly endpoints: CheckedEndpoints<L>;
  /**
   * How an endpoint is picked. `"round-robin"`: in turn, smoothly by weight.
   *
   * @default "round-robin"
   */
  readonly balance?: "round-robin";
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
}

/** An upstream: a URL, a list of endpoints, or settings. */
export type Upstream = string | readonly Endpoint[] | UpstreamConfig;

/**
 * The upstreams expected where `V` was written. Each gets the one type of its form instead of the union of all forms, so
 * that the compiler names the wrong key and not the whole upstream. A mapped type over `V` itself, because that alone
 * carries the `const` of `V` down to the literals.
 */
export type CheckedUpstreams<V> = { readonly [K in keyof V]: CheckedUpstream<V[K]> };

/** The names of upstreams, none where there are none. */
export type NamesOf<V> = NoInfer<keyof V & string>;

type CheckedUpstream<X> = unknown extends X ? Upstream
  : X extends string ? CheckedUrl<X>
  : X extends readonly unknown[] ? CheckedEndpoints<X>
  : UpstreamConfig<At<X, "endpoints">>;
