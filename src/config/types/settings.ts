/** Settings of the gateway itself: everything of a config but its upstreams, policies and routes. @module */

import type { Secret } from "../../core/secret.ts";
import type { Duration } from "../../core/units.ts";
import type { Infer } from "./infer.ts";
import type { CheckedListeners } from "./listener.ts";
import type { TelemetryConfig } from "./telemetry.ts";

/** The admin interface: health, config and routes, on a port of its own. */
export interface AdminConfig {
  /**
   * From 0 to 65535; 0 takes any free port.
   *
   * @default 9901
   */
  readonly port?: number;
  /**
   * Address or name to listen on. Anything but loopback needs a `token`.
   *
   * @default "127.0.0.1"
   */
  readonly hostname?: string;
  /**
   * Asked for as `authorization: Bearer …`, except by `/livez` and `/readyz`.
   *
   * @default none: whoever reaches the port may read
   */
  readonly token?: Secret;
}

/** How request paths are read before routes see them. */
export interface PathsConfig {
  /**
   * `"keep"`: `%2F` is an ordinary character of a segment, forwarded as sent. `"reject"`: such a request is a 400; choose
   * it when an upstream takes `%2F` for a separator.
   *
   * @default "keep"
   */
  readonly encodedSlash?: "keep" | "reject";
  /**
   * Reads `//` as `/`, for matching and forwarding.
   *
   * @default false
   */
  readonly mergeSlashes?: boolean;
}

/** The id that each request gets; it goes upstream and back to the client. */
export interface RequestIdConfig {
  /**
   * Whose id is kept: a trusted proxy's only, or anyone's. An id that is not 1–128 of `A–Z a–z 0–9 . _ -` is replaced.
   *
   * @default "any"
   */
  readonly accept?: "trusted" | "any";
  /**
   * Field that carries it.
   *
   * @default "x-request-id"
   */
  readonly header?: string;
}

/** What happens between SIGTERM or SIGINT and the exit. A second signal exits at once. */
export interface ShutdownConfig {
  /**
   * How long requests are still accepted while readiness is off already. Give a load balancer the time to see it.
   *
   * @default "0s"
   */
  readonly delay?: Duration;
  /**
   * How long running requests may take to end after the listeners closed; then they are cut.
   *
   * @default "30s"
   */
  readonly grace?: Duration;
}

/** Settings of the gateway itself. `L` are the listeners as they were written. */
export interface GatewaySettings<L = unknown> {
  /**
   * Where requests are accepted, one or several.
   *
   * @default { port: 8080 }
   */
  readonly listen?: Infer<L> & CheckedListeners<L>;
  /**
   * The admin interface; `false` switches it off.
   *
   * @default { port: 9901, hostname: "127.0.0.1" }
   */
  readonly admin?: AdminConfig | false;
  /**
   * Addresses and CIDR ranges of proxies in front: `"10.0.0.0/8"`, `"::1"`. Only their `Forwarded` and `X-Forwarded-*`
   * fields are believed, counted from the right; everyone else's are replaced.
   *
   * @default []
   */
  readonly trustedProxies?: readonly string[];
  /**
   * Methods accepted beside the known ones, which are those of HTTP and of WebDAV (the IANA registry): `["PURGE"]`. As
   * clients send them, for case counts. Any other method is a 501; `CONNECT` and `TRACE` cannot be added.
   *
   * @default []
   */
  readonly methods?: readonly string[];
  /** How request paths are read before routes see them. */
  readonly paths?: PathsConfig;
  /** The id that each request gets. */
  readonly requestId?: RequestIdConfig;
  /** What happens between a signal to stop and the exit. */
  readonly shutdown?: ShutdownConfig;
  /** What the gateway tells about its work: traces, metrics and logs. */
  readonly telemetry?: TelemetryConfig;
}
